"""Our figures beside theirs."""
import math


class Ratios:
    """Of pairs (theirs, ours). A pair with a zero counts in the sums alone."""

    def __init__(self, pairs):
        self.pairs = list(pairs)
        self.theirs = sum(p[0] for p in self.pairs)
        self.ours = sum(p[1] for p in self.pairs)
        self.each = [b / a for a, b in self.pairs if a and b]

    @property
    def of_sums(self):
        return self.ours / self.theirs if self.theirs else 1.0

    @property
    def mean(self):
        """The geometric mean."""
        if not self.each:
            return 1.0
        return math.exp(sum(map(math.log, self.each)) / len(self.each))
