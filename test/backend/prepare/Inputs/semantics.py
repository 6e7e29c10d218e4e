"""Runs functions before and after prepare on the same inputs, natively.

usage: semantics.py BPFCC-PREPARE WORK-FOLDER [little|big]

Every function takes 32 bytes of input and writes 32 bytes of output, so that
its signature does not change. For big-endian order each access to memory is
rewritten to swap its bytes, in both forms; what prepare makes of an access is
then seen to mean the same.
"""
import os
import re
import subprocess
import sys

LAYOUT = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
INPUTS = 1000

functions = []


def function(name, *lines):
    name = name.replace(".", "")
    if name in functions:
        return ""
    functions.append(name)
    body = "\n".join("  " + line for line in lines)
    return (f"define void @{name}(ptr %in, ptr %out) {{\nentry:\n{body}\n"
            "  ret void\n}\n")


def load(name, width, at, align=8):
    return [f"%{name}.p = getelementptr i8, ptr %in, i64 {at}",
            f"%{name} = load i{width}, ptr %{name}.p, align {align}"]


def store(value, width, at=0, align=8):
    return [f"%out.{at} = getelementptr i8, ptr %out, i64 {at}",
            f"store i{width} {value}, ptr %out.{at}, align {align}"]


def operand(name, width, at):
    """A number of any width: accesses are of whole bytes."""
    whole = (width + 7) // 8 * 8
    if whole == width:
        return load(name, width, at)
    return [*load(name + ".w", whole, at),
            f"%{name} = trunc i{whole} %{name}.w to i{width}"]


def result(value, width):
    whole = (width + 7) // 8 * 8
    if whole == width:
        return store(value, width)
    return [f"%{value[1:]}.w = zext i{width} {value} to i{whole}",
            *store(f"%{value[1:]}.w", whole)]


def binary(width):
    two = [*operand("a", width, 0), *operand("b", width, 16)]
    for op in ("add", "sub", "mul", "and", "or", "xor"):
        yield function(f"{op}{width}", *two, f"%r = {op} i{width} %a, %b",
                       *result("%r", width))
    for op in ("udiv", "urem", "sdiv", "srem"):
        # Neither zero nor -1 divides.
        yield function(f"{op}{width}", *two, f"%o = or i{width} %b, 2",
                       f"%d = and i{width} %o, -2",
                       f"%r = {op} i{width} %a, %d", *result("%r", width))
        for c in (2, 3, 64, -7):
            if -2 ** (width - 1) <= c < 2 ** (width - 1):
                yield function(f"{op}{width}c{abs(c)}", *two,
                               f"%r = {op} i{width} %a, {c}",
                               *result("%r", width))
    for op in ("shl", "lshr", "ashr"):
        yield function(f"{op}{width}", *two,
                       f"%n = urem i{width} %b, {width}" if width > 7 else
                       f"%n = and i{width} %b, 1",
                       f"%r = {op} i{width} %a, %n", *result("%r", width))
        yield function(f"{op}{width}c", *two,
                       f"%r = {op} i{width} %a, {width * 2 // 3}",
                       *result("%r", width))
    for p in ("eq", "ne", "ult", "ule", "ugt", "uge", "slt", "sle", "sgt",
              "sge"):
        yield function(f"{p}{width}", *two,
                       f"%c = icmp {p} i{width} %a, %b",
                       f"%s = select i1 %c, i{width} %a, i{width} 5",
                       f"%z = sext i1 %c to i{width}",
                       f"%r = xor i{width} %s, %z", *result("%r", width))


def intrinsics(width):
    two = [*operand("a", width, 0), *operand("b", width, 16)]
    ty = f"i{width}"
    for name in ("umin", "umax", "smin", "smax", "uadd.sat", "usub.sat",
                 "sadd.sat", "ssub.sat"):
        call = f"%r = call {ty} @llvm.{name}.{ty}({ty} %a, {ty} %b)"
        yield function(f"{name}{width}", *two, call, *result("%r", width))
    yield function(f"ushlsat{width}", *two, f"%n = urem {ty} %b, {width}",
                   f"%r = call {ty} @llvm.ushl.sat.{ty}({ty} %a, {ty} %n)",
                   *result("%r", width))
    for name in ("ctlz", "cttz", "abs"):
        yield function(f"{name}{width}", *two,
                       f"%r = call {ty} @llvm.{name}.{ty}({ty} %a, i1 false)",
                       *result("%r", width))
    for name in ("ctpop", "bitreverse", *["bswap"] * (width % 16 == 0)):
        yield function(f"{name}{width}", *two,
                       f"%r = call {ty} @llvm.{name}.{ty}({ty} %a)",
                       *result("%r", width))
    for name in ("fshl", "fshr"):
        for n in ("%b", "5", str(width), "0"):
            for low in ("%a", "%b"):
                yield function(
                    f"{name}{width}_{n.strip('%')}_{low[1]}", *two,
                    f"%r = call {ty} @llvm.{name}.{ty}({ty} %a, {ty} {low}, "
                    f"{ty} {n})", *result("%r", width))
    for name in ("uadd", "sadd", "usub", "ssub", "umul", "smul"):
        yield function(
            f"{name}o{width}", *two,
            f"%p = call {{{ty}, i1}} @llvm.{name}.with.overflow.{ty}"
            f"({ty} %a, {ty} %b)",
            f"%v = extractvalue {{{ty}, i1}} %p, 0",
            f"%o = extractvalue {{{ty}, i1}} %p, 1",
            f"%z = sext i1 %o to {ty}", f"%r = xor {ty} %v, %z",
            *result("%r", width))
    for name in ("scmp", "ucmp"):
        yield function(f"{name}{width}", *two,
                       f"%r = call i32 @llvm.{name}.i32.{ty}({ty} %a, {ty} %b)",
                       *result("%r", 32))


def casts(width):
    for other in (8, 16, 32, 64, 96, 128):
        for op in ("zext", "sext"):
            if other > width:
                yield function(f"{op}{width}to{other}",
                               *operand("a", width, 0),
                               f"%r = {op} i{width} %a to i{other}",
                               *result("%r", other))
            elif other < width:
                yield function(f"{op}{other}to{width}",
                               *operand("a", other, 0),
                               f"%r = {op} i{other} %a to i{width}",
                               *result("%r", width))
        if other < width:
            yield function(f"trunc{width}to{other}", *operand("a", width, 0),
                           f"%r = trunc i{width} %a to i{other}",
                           *result("%r", other))


def memory(big):
    for size in (*range(0, 18), 24, 31, 32):
        for align in (1, 2, 4, 8):
            for name, call in (
                    ("memcpy", "call void @llvm.memcpy.p0.p0.i64(ptr align {0} "
                               "%out, ptr align {0} %in, i64 {1}, i1 false)"),
                    ("memset", "call void @llvm.memset.p0.i64(ptr align {0} "
                               "%out, i8 %b, i64 {1}, i1 false)")):
                yield function(f"{name}{size}_{align}",
                               "%b = load i8, ptr %in",
                               call.format(align, size))
        for overlap in (0, 1, 3, 8):
            for up in (0, 1):
                source = "%m.l" if up else "%m.h"
                target = "%m.h" if up else "%m.l"
                room = min(size, 32 - overlap)
                yield function(
                    f"memmove{size}_{overlap}_{up}",
                    f"%m.l = getelementptr i8, ptr %out, i64 0",
                    f"%m.h = getelementptr i8, ptr %out, i64 {overlap}",
                    "call void @llvm.memcpy.p0.p0.i64(ptr %out, ptr %in, "
                    "i64 32, i1 false)",
                    f"call void @llvm.memmove.p0.p0.i64(ptr {target}, "
                    f"ptr {source}, i64 {room}, i1 false)")
        half = min(size, 16)
        for name in ("memcmp", "bcmp"):
            yield function(
                f"{name}{size}", "%h = getelementptr i8, ptr %in, i64 16",
                f"%r = call i32 @{name}(ptr %in, ptr %h, i64 {half})",
                *(["%s = ashr i32 %r, 31", "%n = icmp ne i32 %r, 0",
                   "%z = zext i1 %n to i32", "%t = or i32 %s, %z"]
                  if name == "memcmp" else
                  ["%n = icmp eq i32 %r, 0", "%t = sext i1 %n to i32"]),
                *store("%t", 32))
    for size in (200, 1500, 2047):
        body = [f"%m = alloca [{size + 9} x i8], align 8",
                "%b = load i8, ptr %in", "%c = load i8, ptr %out",
                f"call void @llvm.memset.p0.i64(ptr %m, i8 %b, i64 {size + 9},"
                " i1 false)",
                "call void @llvm.memcpy.p0.p0.i64(ptr %m, ptr %in, i64 32, "
                "i1 false)",
                f"%e = getelementptr i8, ptr %m, i64 {size - 23}",
                "call void @llvm.memcpy.p0.p0.i64(ptr %e, ptr %in, i64 32, "
                "i1 false)",
                "%n = getelementptr i8, ptr %m, i64 9"]
        for up in (0, 1):
            a, b = ("%n", "%m") if up else ("%m", "%n")
            move = (f"call void @llvm.memmove.p0.p0.i64(ptr {a}, ptr {b}, "
                    f"i64 {size}, i1 false)")
            for at in (0, size - 23):
                yield function(f"big{size}_{up}_{at}", *body, move,
                               f"%f = getelementptr i8, ptr %m, i64 {at}",
                               "call void @llvm.memcpy.p0.p0.i64(ptr %out, "
                               "ptr %f, i64 32, i1 false)")
    yield ("@bytes = private constant [21 x i8] "
           'c"\\01\\02\\03\\04\\f5\\06\\07\\08\\09xyz\\00abcdefgh"\n')
    for size in (3, 8, 13, 21):
        yield function(f"constant{size}",
                       "call void @llvm.memcpy.p0.p0.i64(ptr align 8 %out, "
                       f"ptr @bytes, i64 {size}, i1 false)")
    for width in (8, 16, 24, 32, 40, 48, 56, 64, 72, 96, 120, 128, 192):
        for align in (1, 2, 4, 8):
            yield function(f"access{width}_{align}",
                           *load("a", width, 8 if width < 192 else 0, align),
                           *store("%a", width, 0, align))
    if big: # swap_accesses knows numbers alone
        return
    for align in (1, 2, 4):
        yield function(f"pair{align}",
                       f"%a = load {{i32, i64}}, ptr %in, align {align}",
                       "%x = extractvalue {i32, i64} %a, 1",
                       "%b = insertvalue {i32, i64} %a, i32 7, 0",
                       f"store {{i32, i64}} %b, ptr %out, align {align}",
                       *store("%x", 64, 16))
        yield function(f"vector{align}",
                       f"%a = load <4 x i32>, ptr %in, align {align}",
                       "%i = load i32, ptr %in", "%j = and i32 %i, 3",
                       "%x = extractelement <4 x i32> %a, i32 %j",
                       "%b = insertelement <4 x i32> %a, i32 7, i32 %j",
                       "%c = mul <4 x i32> %b, %a",
                       "%d = shufflevector <4 x i32> %c, <4 x i32> %a, "
                       "<4 x i32> <i32 0, i32 5, i32 3, i32 6>",
                       "%e = bitcast <4 x i32> %d to i128",
                       "%f = add i128 %e, 1",
                       "%g = bitcast i128 %f to <2 x i64>",
                       f"store <2 x i64> %g, ptr %out, align {align}",
                       *store("%x", 32, 16))


def control():
    yield function("switch33", *operand("a", 33, 0),
                   "%m = and i33 %a, 4294967311",
                   "switch i33 %m, label %d [i33 1, label %x i33 4294967298, "
                   "label %y i33 3, label %x i33 4, label %x]",
                   "x:", "br label %d", "y:", "br label %d", "d:",
                   "%r = phi i33 [0, %entry], [7, %x], [%a, %y]",
                   *result("%r", 33))
    cases = " ".join(f"i8 {n}, label %{'xyz'[n % 7 % 3]}" for n in
                     [*range(-120, -90), *range(-5, 40, 2), 100, 127])
    yield function("switch8", *operand("a", 8, 0),
                   f"switch i8 %a, label %d [{cases}]",
                   "x:", "br label %d", "y:", "br label %d", "z:",
                   "br label %d", "d:",
                   "%r = phi i8 [0, %entry], [1, %x], [%a, %y], [3, %z]",
                   *result("%r", 8))
    yield ("define internal {i64, i128} @callee({[1 x i16]} %s, i128 %w, i48 %n)"
           " noinline {\nentry:\n  %a = extractvalue {[1 x i16]} %s, 0, 0\n"
           "  %b = sext i16 %a to i64\n  %c = sext i48 %n to i128\n"
           "  %d = add i128 %w, %c\n"
           "  %p = insertvalue {i64, i128} poison, i64 %b, 0\n"
           "  %q = insertvalue {i64, i128} %p, i128 %d, 1\n"
           "  ret {i64, i128} %q\n}\n")
    yield function("calls", *operand("a", 128, 0), *operand("n", 48, 16),
                   "%t = trunc i128 %a to i16",
                   "%s = insertvalue {[1 x i16]} zeroinitializer, i16 %t, 0, 0",
                   "%r = call {i64, i128} @callee({[1 x i16]} %s, i128 %a, "
                   "i48 %n)",
                   "%x = extractvalue {i64, i128} %r, 0",
                   "%y = extractvalue {i64, i128} %r, 1",
                   *store("%x", 64, 0), *store("%y", 128, 16))
    yield ("%big = type {[24 x i8]}\n"
           "define internal void @bymemory(ptr sret(%big) %r, "
           "ptr byval(%big) %a) noinline {\nentry:\n"
           "  %p = getelementptr i8, ptr %a, i64 3\n"
           "  store i8 9, ptr %p\n"
           "  call void @llvm.memcpy.p0.p0.i64(ptr %r, ptr %a, i64 24, "
           "i1 false)\n  ret void\n}\n")
    yield function("bymemory_", "call void @bymemory(ptr sret(%big) %out, "
                                "ptr byval(%big) %in)",
                   "%a = load i64, ptr %in", *store("%a", 64, 24))
    yield function("logic", *operand("a", 32, 0), *operand("b", 32, 16),
                   "%x = icmp ult i32 %a, %b", "%y = icmp sgt i32 %a, 5",
                   "%z = and i32 %b, 1", "%w = trunc i32 %z to i1",
                   "%o = or i1 %x, %y", "%p = xor i1 %o, %w",
                   "%q = select i1 %p, i1 %y, i1 %x",
                   "%n = xor i1 %q, true", "br i1 %n, label %t, label %f",
                   "t:", "br label %f", "f:",
                   "%r = phi i32 [%a, %entry], [%b, %t]",
                   "%e = zext i1 %p to i32", "%g = add i32 %r, %e",
                   *result("%g", 32))


def module(big):
    declarations = ("declare i32 @memcmp(ptr, ptr, i64)\n"
                    "declare i32 @bcmp(ptr, ptr, i64)\n")
    parts = [declarations]
    for width in (3, 8, 16, 24, 32, 33, 48, 64, 65, 96, 128):
        parts += [*binary(width), *casts(width)]
        if width >= 8:
            parts += intrinsics(width)
    parts += [*memory(big), *control()]
    return "".join(parts)


SWAPPED = """
define internal i{n} @swap{n}(i{n} %v) alwaysinline {{
  %w = zext i{n} %v to i{whole}
  %s = call i{whole} @llvm.bswap.i{whole}(i{whole} %w)
  %r = lshr i{whole} %s, {rest}
  %t = trunc i{whole} %r to i{n}
  ret i{n} %t
}}
"""


def swap_accesses(text):
    """The meaning of big-endian accesses, on a little-endian host."""
    widths, counter = set(), 0

    def swapped_load(m):
        widths.add(int(m[2]))
        return f"{m[1]}.raw = load i{m[2]}{m[3]}\n  {m[1]} = call i{m[2]} " \
               f"@swap{m[2]}(i{m[2]} {m[1]}.raw)"

    def swapped_store(m):
        nonlocal counter
        counter += 1
        widths.add(int(m[1]))
        return f"%swapped.{counter} = call i{m[1]} @swap{m[1]}(i{m[1]} " \
               f"{m[2]})\n  store i{m[1]} %swapped.{counter}{m[3]}"

    text = re.sub(r"(%[\w.]+) = load i(?!8,)(\d+)(,.*)", swapped_load, text)
    text = re.sub(r"store i(?!8 )(\d+) ([^,]+)(,.*)", swapped_store, text)
    for n in widths:
        whole = (n + 15) // 16 * 16
        text += SWAPPED.format(n=n, whole=whole + 16, rest=whole + 16 - n)
    return text


def name_values(text):
    """Numbered values by name: swap_accesses adds values between them."""
    text = re.sub(r"%(\d+)\b", r"%v\1", text)
    return re.sub(r"^(\d+):", r"v\1:", text, flags=re.M)


DRIVER = r"""
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#define X(F) void old_##F(void *, void *); void new_##F(void *, void *);
#include "functions.inc"
#undef X
typedef void (*Function)(void *, void *);
static struct { const char *Name; Function Old, New; } Table[] = {
#define X(F) {#F, old_##F, new_##F},
#include "functions.inc"
};
static uint64_t State = 88172645463325252u;
static uint64_t next(void) {
  State ^= State << 13; State ^= State >> 7; State ^= State << 17;
  return State;
}
static void fill(uint64_t *In) {
  static const uint64_t Edges[] = {0, 1, 2, 3, -1, -2, 0x7f, 0x80, 0xff, 0x8000,
    0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, INT64_MAX, INT64_MIN};
  for (int I = 0; I < 4; ++I) {
    uint64_t R = next(), V = next();
    In[I] = R % 4 == 0 ? Edges[V % 16] : R % 4 == 1 ? V >> V % 64 : V;
    if (R % 4 == 3 && I >= 2)
      In[I] = In[I - 2] ^ (R % 32 == 3 ? 1ull << V % 64 : 0);
  }
}
int main(void) {
  int Wrong = 0;
  for (unsigned F = 0; F < sizeof(Table) / sizeof(*Table); ++F)
    for (int N = 0; N < INPUTS; ++N) {
      _Alignas(16) uint64_t In[4], C[4];
      _Alignas(16) uint64_t A[4] = {0}, B[4] = {0};
      fill(In);
      memcpy(C, In, sizeof(C));
      Table[F].Old(In, A);
      Table[F].New(C, B);
      if (memcmp(A, B, sizeof(A)) || memcmp(In, C, sizeof(C))) {
        printf("%s: %016lx %016lx %016lx %016lx gives %016lx %016lx, "
               "not %016lx %016lx\n", Table[F].Name, In[0], In[1], In[2],
               In[3], B[0], B[1], A[0], A[1]);
        ++Wrong;
        break;
      }
    }
  printf("%u functions, %d wrong\n", (unsigned)(sizeof(Table) / sizeof(*Table)),
         Wrong);
  return Wrong != 0;
}
"""


def main():
    prepare, folder, order = sys.argv[1], sys.argv[2], sys.argv[3]
    big = order == "big"
    os.makedirs(folder, exist_ok=True)

    def path(name):
        return os.path.join(folder, name)

    def write(name, text):
        with open(path(name), "w") as out:
            out.write(text)

    text = module(big)
    layout = f'target datalayout = "{"E" + LAYOUT[1:] if big else LAYOUT}"\n'
    write("input.ll", layout + text)
    prepared = subprocess.run([prepare, *sys.argv[4:], path("input.ll")],
                              check=True, stdout=subprocess.PIPE,
                              text=True).stdout
    host = f'target datalayout = "{LAYOUT}"\n'
    prepared = re.sub(r"^target.*\n", "", prepared, flags=re.M)
    if big:
        text = swap_accesses(text)
        prepared = swap_accesses(name_values(prepared))
    for prefix, body in (("old_", text), ("new_", prepared)):
        names = "|".join(sorted(map(re.escape, functions), key=len,
                                reverse=True))
        body = re.sub(rf"define void @({names})\(", rf"define void @{prefix}\1(",
                      body)
        write(prefix + ".ll", host + body.replace("@swap", f"@{prefix}swap"))
    write("functions.inc",
          "".join(f"X({name})\n" for name in functions))
    write("driver.c", DRIVER.replace("INPUTS", str(INPUTS)))
    subprocess.run(["clang-22", "-O1", "-w", "-Wno-override-module",
                    path("driver.c"), path("old_.ll"), path("new_.ll"), "-o",
                    path("driver")], check=True)
    sys.exit(subprocess.run([path("driver")]).returncode)


main()
