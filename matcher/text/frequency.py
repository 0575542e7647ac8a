"""How telling it is that two texts have the same token in the same place."""

import numpy as np
from numpy.typing import NDArray

from matcher.text.normalise import tokenise

# The most frequent characters of modern Chinese and words of English, roughly by rank. Their frequencies fall about as
# 1 / (rank + 2): close enough to keep common phrases from counting as evidence while a register is small.
COMMON_CHARACTERS = (
    "的一是了不在有人这上大来和我个中地为他到说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行"
    "所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者"
    "意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见"
    "被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名"
    "真论处走义各入几口认条平系气题活"
)
COMMON_WORDS = (
    "the of and to a in that it is was he for on with as his they be at one have this from or had by not "
    "but what all were we when your can said there use an each which she do how their if will up other "
    "about out many then them these so some her would make like him into time has look two more write go "
    "see number no way could people my than first water been"
)
PRIOR_WEIGHT = 100_000
"""Tokens of general language that the prior stands for."""
HIGHEST, LOWEST = 8.0, 1.5
EXPECTED_IDENTITY = 0.65
"""Share of equal tokens in altered copies for which the scores are best."""


def score_table(registered: NDArray[np.int64]) -> NDArray[np.float32]:
    """Score of a match for every token, in nats, from how often it stands in the registered text and in general."""
    counts = registered.astype(np.float64)
    for common in (COMMON_CHARACTERS, COMMON_WORDS):
        ranked = tokenise(common).ids
        expected = 1.0 / (np.arange(ranked.size) + 2)
        np.add.at(counts, ranked, PRIOR_WEIGHT * 0.6 * expected / expected.sum())
    frequency = (counts + 0.5) / (counts.sum() + PRIOR_WEIGHT * 0.8)
    scores = np.log(EXPECTED_IDENTITY / frequency)
    return np.asarray(np.clip(scores, LOWEST, HIGHEST), np.float32)
