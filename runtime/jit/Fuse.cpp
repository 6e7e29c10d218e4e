// Two-address code takes several instructions for what machines do in one.
//
//     r3 = r2                              r5 = r3
//     r3 <<= 3      r3 = r1 + (r2 << 3)    w5 <<= 4       w5 = w3 rotated
//     r3 += r1                             r6 = r3
//                                          w6 >>= 28
//                                          w5 |= w6
//
// The second needs r6 to be dead behind it.

#include "runtime/jit/Fuse.h"

#include "backend/isa/Encoding.h"

using namespace llvm;

namespace bpfcc::jit {

using isa::Op;

namespace {

class Matcher {
public:
  Matcher(ArrayRef<PreInst> Code, ArrayRef<uint16_t> LiveAfter)
      : Code(Code), LiveAfter(LiveAfter) {}

  Fused sum() {
    Fused F;
    F.What = Fused::Sum;
    size_t N = 0;
    if (is(0, Op::MOV_RR) && Code[0].Dst != Code[0].Src) {
      F.Dst = Code[0].Dst;
      F.Index = Code[0].Src;
      N = 1;
    } else if (is(0, Op::LSH_RI)) {
      F.Dst = F.Index = Code[0].Dst;
    } else {
      return {};
    }
    if (is(N, Op::LSH_RI) && Code[N].Dst == F.Dst && Code[N].Imm >= 1 &&
        Code[N].Imm <= 3)
      F.Scale = uint8_t(Code[N++].Imm);
    if (is(N, Op::ADD_RR) && Code[N].Dst == F.Dst && Code[N].Src != F.Dst) {
      F.HasBase = true;
      F.Base = Code[N++].Src;
    }
    if (!F.HasBase && F.Scale)
      return {};
    if (is(N, Op::ADD_RI) && Code[N].Dst == F.Dst)
      F.Disp = int32_t(Code[N++].Imm);
    F.Count = unsigned(N);
    return N > 1 ? F : Fused();
  }

  Fused rotate() {
    if ((!is(0, Op::MOV_RR) && !is(0, Op::MOV32_RR)) ||
        Code[0].Dst == Code[0].Src)
      return {};
    // D = X; shift D; shift X the other way; join. Or T = X; shift T.
    uint8_t D = Code[0].Dst, X = Code[0].Src, T = X;
    size_t N = 2;
    if ((is(2, Op::MOV_RR) || is(2, Op::MOV32_RR)) && Code[2].Src == X &&
        Code[2].Dst != D) {
      T = Code[2].Dst;
      N = 3;
    }
    if (Code.size() < N + 2 || Code[1].Dst != D || Code[N].Dst != T)
      return {};
    Fused F;
    F.What = Fused::Rotate;
    F.Wide = is(1, Op::LSH_RI) || is(1, Op::RSH_RI);
    Op Left = F.Wide ? Op::LSH_RI : Op::LSH32_RI;
    Op Right = F.Wide ? Op::RSH_RI : Op::RSH32_RI;
    bool FirstIsLeft = is(1, Left);
    if (!is(1, FirstIsLeft ? Left : Right) ||
        !is(N, FirstIsLeft ? Right : Left) ||
        !is(N + 1, F.Wide ? Op::OR_RR : Op::OR32_RR))
      return {};
    int64_t Bits = F.Wide ? 64 : 32;
    int64_t One = Code[1].Imm, Other = Code[N].Imm;
    if (One <= 0 || Other <= 0 || One + Other != Bits)
      return {};
    const PreInst &Join = Code[N + 1];
    bool Fits =
        (Join.Dst == D && Join.Src == T) || (Join.Dst == T && Join.Src == D);
    if (!Fits || (LiveAfter[N + 1] >> Join.Src & 1))
      return {};
    F.Dst = Join.Dst;
    F.Index = X;
    F.Scale = uint8_t(FirstIsLeft ? One : Other);
    F.Count = unsigned(N + 2);
    return F;
  }

private:
  bool is(size_t N, Op O) const {
    return N < Code.size() && Code[N].Opcode == O && Code[N].Why == Trap::None;
  }

  ArrayRef<PreInst> Code;
  ArrayRef<uint16_t> LiveAfter;
};

} // namespace

Fused fuse(ArrayRef<PreInst> Code, ArrayRef<uint16_t> LiveAfter) {
  Matcher M(Code, LiveAfter);
  Fused F = M.rotate();
  return F.What == Fused::Nothing ? M.sum() : F;
}

} // namespace bpfcc::jit
