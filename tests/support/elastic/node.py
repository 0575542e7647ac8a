"""A real Elasticsearch node on loopback, made of its published jars.

`python -m tests.support.elastic.node FOLDER PORT [setting=value …]` runs it in the foreground. It needs Maven, which
fetches the jars once, and a JDK of 21 or newer: JAVA_HOME, else the newest that is installed.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OLDEST_JAVA = 21
PLUGIN = """\
name=transport-netty4
description=Netty 4 transport
version={version}
elasticsearch.version={version}
java.version=21
classname=org.elasticsearch.transport.netty4.Netty4Plugin
extended.plugins=
has.native.controller=false
modulename=
"""
LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %c: %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


def prepare(folder: Path) -> None:
    """Put a node's home into `folder`, unless it is there."""
    home = folder / "home"
    if (home / "SearchNode.class").exists():
        return
    jars, transport = home / "lib", home / "modules" / "transport-netty4"
    for path in (jars, transport, home / "config", home / "logs", home / "plugins"):
        path.mkdir(parents=True, exist_ok=True)
    maven = [
        "mvn",
        "-q",
        "-B",
        "-f",
        str(HERE / "pom.xml"),
        "dependency:copy-dependencies",
        f"-DoutputDirectory={jars}",
    ]
    subprocess.run(maven, check=True, stdout=sys.stderr)
    for pattern in ("netty-*.jar", "transport-netty4-*.jar", "elasticsearch-ssl-config-*.jar"):
        for jar in jars.glob(pattern):
            shutil.move(jar, transport / jar.name)
    [plugin] = transport.glob("transport-netty4-*.jar")
    version = plugin.stem.removeprefix("transport-netty4-")
    (transport / "plugin-descriptor.properties").write_text(PLUGIN.format(version=version))
    (home / "config" / "log4j2.properties").write_text(LOGGING)
    compiler = str(java_home() / "bin" / "javac")
    subprocess.run([compiler, "-cp", f"{jars}/*", "-d", str(home), str(HERE / "SearchNode.java")], check=True)


def command(folder: Path, port: int, settings: list[str]) -> list[str]:
    """The command line of a node that was prepared in `folder`."""
    home = folder / "home"
    memory = os.environ.get("ES_HEAP", "512m")
    alone = [] if any(s.startswith("discovery.") for s in settings) else ["discovery.type=single-node"]
    return [
        str(java_home() / "bin" / "java"),
        f"-Xms{memory}",
        f"-Xmx{memory}",
        "-p",
        str(home / "lib"),
        "--add-modules",
        "ALL-MODULE-PATH,jdk.net,jdk.management",
        "-cp",
        str(home),
        "SearchNode",
        str(home),
        f"http.port={port}",
        "cluster.routing.allocation.disk.threshold_enabled=false",
        *alone,
        *settings,
    ]


def java_home() -> Path:
    """The JDK to run with. Raises `FileNotFoundError` when there is none that is new enough."""
    if named := os.environ.get("JAVA_HOME"):
        return Path(named)
    found = [(int(m[1]), p) for p in Path("/usr/lib/jvm").glob("*") if (m := re.search(r"(\d+)", p.name))]
    found = [(version, path) for version, path in found if version >= OLDEST_JAVA and (path / "bin" / "javac").exists()]
    if not found:
        msg = f"no JDK {OLDEST_JAVA} or newer in /usr/lib/jvm; install one or set JAVA_HOME"
        raise FileNotFoundError(msg)
    return max(found)[1]


if __name__ == "__main__":
    where = Path(sys.argv[1]).absolute()
    prepare(where)
    line = command(where, int(sys.argv[2]), sys.argv[3:])
    os.execv(line[0], line)  # noqa: S606 - our own command line
