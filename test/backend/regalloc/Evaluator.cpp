#include "Evaluator.h"

#include "backend/mir/Shape.h"

#include "llvm/Support/FormatVariadic.h"

#include <map>

using namespace bpfcc;
using namespace bpfcc::mir;

namespace {

uint64_t mix(uint64_t A, uint64_t B) {
  uint64_t X = A * 0x9e3779b97f4a7c15u ^ (B + 0x7f4a7c15u + (A << 6));
  X ^= X >> 29;
  X *= 0xbf58476d1ce4e5b9u;
  return X ^ X >> 32;
}

class Evaluator {
public:
  explicit Evaluator(const Function &F)
      : F(F), Values(std::max<size_t>(F.NextReg, FirstVirtual)) {}

  std::string run() {
    for (Reg R = 1; R <= 5; ++R)
      Values[R] = 1000 + R;
    Values[isa::R10] = uint64_t(1) << 60;
    BlockId Now = 0, Before = 0;
    constexpr int MaxSteps = 100000;
    for (int Step = 0; Step < MaxSteps; ++Step) {
      BlockId Next = block(Now, Before);
      if (Next == ~0u)
        return Log;
      Before = Now;
      Now = Next;
    }
    return Log + "too many steps";
  }

private:
  uint64_t use(const Inst &I, size_t N) const { return Values[I.Uses[N]]; }

  void trash(unsigned Mask) {
    for (Reg R = 0; R < isa::R10; ++R)
      if (Mask >> R & 1)
        Values[R] = 0xdead0000 + R;
  }

  uint64_t address(const Inst &I) const {
    uint64_t Base = I.Frame != None ? frameAddress(I.Frame) : use(I, 0);
    return Base + I.Off;
  }
  static uint64_t frameAddress(int32_t Object) {
    return uint64_t(Object + 1) << 40;
  }

  BlockId block(BlockId Id, BlockId Before) {
    const Block &B = F.Blocks[Id];
    std::vector<uint64_t> Phis;
    size_t Pred = llvm::find(B.Preds, Before) - B.Preds.begin();
    for (const Inst &I : B.Insts)
      if (I.Op == PHI)
        Phis.push_back(use(I, Pred));
    size_t Phi = 0;
    for (const Inst &I : B.Insts) {
      if (I.Op == PHI)
        Values[I.Defs[0]] = Phis[Phi++];
      else if (I.Op == EXIT) {
        Log += I.Uses.empty() ? "exit"
                              : llvm::formatv("exit {0}", use(I, 0)).str();
        return ~0u;
      } else if (I.Op == JA)
        return I.Targets[0];
      else if (I.Op == JEQ_RI)
        return I.Targets[use(I, 0) == uint64_t(I.Imm) ? 0 : 1];
      else if (I.Op == JSLE_RI)
        return I.Targets[int64_t(use(I, 0)) <= I.Imm ? 0 : 1];
      else if (I.Op == JGT_RR)
        return I.Targets[use(I, 0) > use(I, 1) ? 0 : 1];
      else if (I.Op == INLINE_ASM) {
        assembly(I);
        if (!I.Targets.empty()) {
          // Which way depends on nothing that allocation changes.
          return I.Targets[++AsmGotos % 2];
        }
      } else
        simple(I);
    }
    Log += "fell off the block";
    return ~0u;
  }

  void assembly(const Inst &I) {
    const AsmBlock &A = F.Asms[I.Extra];
    uint64_t Hash = I.Extra + 77;
    for (size_t N = 0; N < I.Uses.size(); ++N)
      Hash = mix(Hash, use(I, N));
    for (const AsmBlock::Operand &O : A.Operands)
      checkOperand(I, A, O);
    trash(A.Clobbers);
    for (size_t N = 0; N < I.Defs.size(); ++N) {
      for (size_t M = 0; M < N; ++M)
        if (I.Defs[N] == I.Defs[M])
          Log += "two results in one register\n";
      Values[I.Defs[N]] = mix(Hash, N);
    }
  }

  void checkOperand(const Inst &I, const AsmBlock &A,
                    const AsmBlock::Operand &O) {
    bool IsDef = O.K == AsmBlock::Operand::Def;
    Reg R = IsDef ? I.Defs[O.Index] : I.Uses[O.Index];
    if (!isPhysical(R))
      return;
    if (O.Phys != None && R != Reg(O.Phys))
      Log += "not in its register\n";
    if (O.TiedTo != None && I.Defs[O.TiedTo] != R)
      Log += "not tied\n";
    if (A.Clobbers >> R & 1)
      Log += "in a clobbered register\n";
    if (!IsDef || !O.EarlyClobber)
      return;
    for (const AsmBlock::Operand &Other : A.Operands)
      if (Other.K == AsmBlock::Operand::Use &&
          Other.TiedTo != int32_t(O.Index) && I.Uses[Other.Index] == R)
        Log += "clobbered early\n";
  }

  void simple(const Inst &I) {
    auto Set = [&](uint64_t V) { Values[I.Defs[0]] = V; };
    switch (I.Op) {
    case ARG:
      return Set(1001 + I.Imm);
    case MOV_RI:
    case LD_IMM64:
      return Set(I.Imm);
    case COPY:
    case MOV_RR:
      return Set(use(I, 0));
    case PARCOPY: {
      llvm::SmallVector<uint64_t, 4> In;
      for (size_t N = 0; N < I.Uses.size(); ++N)
        In.push_back(use(I, N));
      for (size_t N = 0; N < I.Defs.size(); ++N)
        Values[I.Defs[N]] = In[N];
      return;
    }
    case ADD_RI:
      return Set(use(I, 0) + I.Imm);
    case ADD_RR:
      return Set(use(I, 0) + use(I, 1));
    case SUB_RR:
      return Set(use(I, 0) - use(I, 1));
    case XOR_RR:
      return Set(use(I, 0) ^ use(I, 1));
    case LSH_RR:
      return Set(use(I, 0) << (use(I, 1) & 63));
    case NEG:
      return Set(-use(I, 0));
    case MOV32_RR:
      return Set(uint32_t(use(I, 0)));
    case FRAME_ADDR:
      return Set(frameAddress(I.Frame) + I.Imm);
    case LDXDW:
      return Set(Memory[address(I)]);
    case STXDW:
      Memory[address(I)] = I.Uses.empty() ? 0 : Values[I.Uses.back()];
      return;
    case FETCH_ADD64: {
      uint64_t At = address(I), Old = Memory[At];
      Memory[At] = Old + Values[I.Uses.back()];
      return Set(Old);
    }
    case CMPXCHG64: {
      uint64_t At = address(I), Old = Memory[At];
      if (Old == Values[I.Uses.back()])
        Memory[At] = Values[I.Uses[I.Uses.size() - 2]];
      return Set(Old);
    }
    default:
      break;
    }
    if (!isCall(I.Op) && !isPacketLoad(I.Op)) {
      Log += llvm::formatv("unknown {0}\n", name(I.Op)).str();
      return;
    }
    uint64_t Hash = I.Imm;
    Log += llvm::formatv("{0} {1}", name(I.Op), I.Imm).str();
    for (size_t N = 0; N < I.Uses.size(); ++N) {
      Hash = mix(Hash, use(I, N));
      Log += llvm::formatv(" {0}", use(I, N)).str();
    }
    Log += '\n';
    trash(0x3f);
    if (!I.Defs.empty())
      Set(Hash);
  }

  const Function &F;
  std::vector<uint64_t> Values;
  std::map<uint64_t, uint64_t> Memory;
  std::string Log;
  unsigned AsmGotos = 0;
};

} // namespace

std::string evaluate(const Function &F) { return Evaluator(F).run(); }
