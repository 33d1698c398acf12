"""Curves over primes whose `a` is -3 (P-256, P-384, SM2's), in Jacobian coordinates; the third is 0 for the point at
infinity. It only checks, and is compared with other implementations in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

Point = tuple[int, int, int]
Affine = tuple[int, int]
_NOWHERE: Point = (1, 1, 0)


@dataclass(frozen=True)
class Curve:
    """A curve by its prime, its `b`, the order of its group, the point that makes it, and a coordinate's bytes."""

    p: int
    b: int
    n: int
    g: Affine
    size: int = 32

    def point_in(self, coordinates: bytes) -> Affine | None:
        """The point that two coordinates say; none where it is not on the curve."""
        x, y = int.from_bytes(coordinates[: self.size], "big"), int.from_bytes(coordinates[self.size :], "big")
        off = x >= self.p or y >= self.p or (y * y - x * x * x + 3 * x - self.b) % self.p
        return None if off else (x, y)

    def x_of_sum(self, first: int, second: int, other: Affine) -> int | None:
        """Where `first` times the curve's own point and `second` times another one meet; none at infinity."""
        own, others, result = _comb(self, self.g), _comb(self, other), _NOWHERE
        for row in range(self._row - 1, -1, -1):
            result = self._double(result)
            result = self._add(result, own[self._teeth(first, row)])
            result = self._add(result, others[self._teeth(second, row)])
        return None if result[2] == 0 else int(result[0] * pow(result[2], -2, self.p) % self.p)

    @property
    def _row(self) -> int:
        """How many bits of a number stand in each of the four rows."""
        return self.size * 2

    def _teeth(self, number: int, at: int) -> int:
        """The bits of a number that stand at one place of the four rows."""
        row = self._row
        low = number >> at & 1 | number >> (at + row - 1) & 2
        return low | number >> (at + 2 * row - 2) & 4 | number >> (at + 3 * row - 3) & 8

    def comb_of(self, point: Affine) -> tuple[Point, ...]:
        """For any four bits, the sum of the multiples of a point for which they stand, one for each row."""
        found, multiple = [_NOWHERE], (*point, 1)
        for _ in range(4):
            found += [self._add(each, multiple) for each in found]
            for _ in range(self._row):
                multiple = self._double(multiple)
        return tuple(map(self._flat, found))

    def _flat(self, point: Point) -> Point:
        """The same point, its third coordinate 1: what is added often is added in less time so."""
        if point[2] == 0:
            return _NOWHERE
        inverse = pow(point[2], -1, self.p)
        square = inverse * inverse % self.p
        return point[0] * square % self.p, point[1] * square * inverse % self.p, 1

    def _double(self, point: Point) -> Point:
        (x, y, z), p = point, self.p
        if z == 0 or y == 0:
            return _NOWHERE
        delta, gamma = z * z % p, y * y % p
        beta, alpha = x * gamma % p, 3 * (x - delta) * (x + delta) % p
        x_new = (alpha * alpha - 8 * beta) % p
        return x_new, (alpha * (4 * beta - x_new) - 8 * gamma * gamma) % p, 2 * y * z % p

    def _add(self, one: Point, other: Point) -> Point:
        if one[2] == 0:
            return other
        if other[2] == 0:
            return one
        p = self.p
        z1, z2 = one[2] * one[2] % p, other[2] * other[2] % p
        u1, u2 = one[0] * z2 % p, other[0] * z1 % p
        s1, s2 = one[1] * z2 * other[2] % p, other[1] * z1 * one[2] % p
        if u1 == u2:
            return self._double(one) if s1 == s2 else _NOWHERE
        h, r = (u2 - u1) % p, (s2 - s1) % p
        h2 = h * h % p
        h3, v = h * h2 % p, u1 * h2 % p
        x = (r * r - h3 - 2 * v) % p
        return x, (r * (v - x) - s1 * h3) % p, h * one[2] * other[2] % p


@lru_cache(maxsize=256)
def _comb(curve: Curve, point: Affine) -> tuple[Point, ...]:
    """What a key's signatures are checked with: a key that signs often is unpacked once."""
    return curve.comb_of(point)
