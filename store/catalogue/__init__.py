"""Catalogues of registered works: read in any of three forms, checked row by row, imported as a stream."""
