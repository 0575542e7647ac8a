"""Names of members, which archives keep in whatever coding their packer used."""


def name_of(raw: bytes) -> str:
    """A readable name: UTF-8, else as Chinese packers write it without saying so."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
