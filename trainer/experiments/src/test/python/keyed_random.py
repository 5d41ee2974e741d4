"""Random numbers that Java and Python draw alike: SplitMix64, one stream for each name (KeyedRandom.java is the twin)."""

import numpy as np

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FNV_OFFSET = 0xCBF29CE484222325
_FNV_PRIME = 0x100000001B3
_MASK = (1 << 64) - 1


def _mix(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def longs(name, count):
    """The first `count` 64-bit numbers of the stream `name`, ASCII: FNV-1a of the name is the generator's seed."""
    seed = _FNV_OFFSET
    for byte in name.encode("ascii"):
        seed = ((seed ^ byte) * _FNV_PRIME) & _MASK
    with np.errstate(over="ignore"):
        return _mix(np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * _GAMMA)


def uniform(name, count, low, high):
    """Numbers of [low, high), each rounded to float32, so that float32 and float64 start from the same values."""
    unit = (longs(name, count) >> np.uint64(40)).astype(np.float64) * 2.0**-24
    return (low + (high - low) * unit).astype(np.float32)


def integers(name, count, bound):
    """Whole numbers of 0 to bound - 1, for bounds below 2^31."""
    return (((longs(name, count) >> np.uint64(32)) * np.uint64(bound)) >> np.uint64(32)).astype(np.int64)


def signs(name, count):
    """+1 or -1, by the highest bit."""
    return 1.0 - 2.0 * (longs(name, count) >> np.uint64(63)).astype(np.float64)
