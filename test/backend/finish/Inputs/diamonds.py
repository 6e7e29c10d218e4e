"""A function of N if-else statements, one behind the other."""
import sys

print("unsigned long f(unsigned long x, unsigned long y) {")
for n in range(int(sys.argv[1])):
    print(f"  if (x & {1 << n % 30}) x += y * {n + 3}; else y ^= x >> {n % 60 + 1};")
print("  return x + y;\n}")
