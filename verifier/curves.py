"""Curves over primes whose `a` is -3 (P-256, P-384, SM2's), in Jacobian coordinates; the third is 0 for the point at
infinity. It only checks, and is compared with other implementations in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

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
        found = self._sum_of(first, self.g, second, other)
        return None if found[2] == 0 else int(found[0] * pow(found[2], -2, self.p) % self.p)

    def _sum_of(self, first: int, one: Affine, second: int, other: Affine) -> Point:
        """`first` times one point and `second` times the other, bit by bit together."""
        a, b = (*one, 1), (*other, 1)
        both = self._add(a, b)
        result: Point = _NOWHERE
        for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
            result = self._double(result)
            match first >> bit & 1, second >> bit & 1:
                case 1, 1:
                    result = self._add(result, both)
                case 1, 0:
                    result = self._add(result, a)
                case 0, 1:
                    result = self._add(result, b)
        return result

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
