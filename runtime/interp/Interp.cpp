// The reference interpreter.
//
// Needs a Program and the maps that it names; gives what the program returns.
// Each row of isa.def becomes one `case`: the row's Sem picks the DO_ macro
// below, its opcode byte the width, its Form where the second operand stands.
// So `w1 += r2` is ADD32_RR -> DO_ADD(0x0c, RR): the class bits 0x04 make the
// operands uint32_t, and the result is zero-extended.
//
// What RFC 9669 leaves open, this does: the stack of a frame starts as zeroes;
// a register that was not written is an error when it is read, as the kernel's
// verifier has it; division by zero gives 0 and modulo the dividend;
// may_goto leaves after BPF_MAX_LOOPS rounds of its frame.
// Calls follow the kernel's JIT: a tail call replaces the frame of the
// subprogram that makes it, so its exit returns to that subprogram's caller.

#include "runtime/interp/Interp.h"

#include "backend/isa/Encoding.h"
#include "runtime/interp/Machine.h"
#include "support/Diagnostic.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <array>

using namespace llvm;

namespace bpfcc {

using isa::Form;
using isa::Op;

namespace {

constexpr uint32_t ProgArrayType = 3;

template <unsigned Opcode>
using Word = std::conditional_t<isa::is64(Opcode), uint64_t, uint32_t>;

template <class T> T divide(T A, T B) { return B ? A / B : 0; }
template <class T> T modulo(T A, T B) { return B ? A % B : A; }
template <class T> T signedDivide(T A, T B) {
  using S = std::make_signed_t<T>;
  if (B == T(-1))
    return T(0) - A;
  return B ? T(S(A) / S(B)) : 0;
}
template <class T> T signedModulo(T A, T B) {
  using S = std::make_signed_t<T>;
  if (B == T(-1))
    return 0;
  return B ? T(S(A) % S(B)) : A;
}
template <class T> auto toSigned(T A) { return std::make_signed_t<T>(A); }
template <class T> T shiftMask(T B) { return B & (sizeof(T) * 8 - 1); }

uint64_t truncate(uint64_t V, int Bits) {
  return Bits == 64 ? V : V & ((1ull << Bits) - 1);
}
uint64_t swapBytes(uint64_t V, int Bits) { return byteswap(V) >> (64 - Bits); }
uint64_t signExtend(uint64_t V, int Bits) {
  return uint64_t(SignExtend64(V, unsigned(Bits)));
}

template <unsigned Size, bool BigEndian> uint64_t get(const uint8_t *P) {
  using T = std::conditional_t<
      Size == 1, uint8_t,
      std::conditional_t<Size == 2, uint16_t,
                         std::conditional_t<Size == 4, uint32_t, uint64_t>>>;
  return support::endian::read<T>(P, BigEndian ? endianness::big
                                               : endianness::little);
}
template <unsigned Size, bool BigEndian> void put(uint8_t *P, uint64_t V) {
  using T = std::conditional_t<
      Size == 1, uint8_t,
      std::conditional_t<Size == 2, uint16_t,
                         std::conditional_t<Size == 4, uint32_t, uint64_t>>>;
  support::endian::write<T>(P, T(V),
                            BigEndian ? endianness::big : endianness::little);
}

} // namespace

Machine::Machine(Predecoded &Code)
    : Code(Code), Env(Code.Env),
      S(*static_cast<RunState *>(Env.Mem.workspace())) {}

Machine::~Machine() {
  for (const Frame &F : Frames)
    if (F.StackTop)
      Env.Mem.remove(F.StackTop - StackSize);
}

void Machine::begin(const RunLimits &L) {
  Limits = L;
  if (Frames.size() < Limits.MaxFrames + 1)
    Frames.resize(Limits.MaxFrames + 1);
  S.Left = Limits.MaxInsts;
  S.Top = Frames.data();
  S.Last = Frames.data() + Limits.MaxFrames;
  TailCalls = 0;
  Located = false;
  makeStacks(Code.HasCalls ? Limits.MaxFrames : 1);
}

void Machine::makeStacks(unsigned Count) {
  for (unsigned N = 1; N <= Count; ++N)
    if (!Frames[N].StackTop)
      Frames[N].StackTop =
          Env.Mem.add(StackSize, Memory::ReadWrite, "stack") + StackSize;
}

Error Machine::push(uint32_t Func) {
  if (S.Top >= S.Last)
    return diagError(DiagCode::RunError, {},
                     "more than " + std::to_string(Limits.MaxFrames) +
                         " nested calls");
  Frame &F = *++S.Top;
  F.Func = Func;
  F.Loops = MaxLoops;
  return Error::success();
}

uint64_t Machine::enterStack() {
  if (!S.Top->StackTop)
    makeStacks(unsigned(S.Top - Frames.data()));
  memset(Env.Mem.host(S.Top->StackTop - StackSize), 0, StackSize);
  return S.Top->StackTop;
}

Error Machine::helperFault(Error E, uint32_t Inst) {
  if (Located)
    return E;
  Located = true;
  return faultAt(Code.P, S.Top->Func, Inst, takeMessages(std::move(E)));
}

std::string Machine::describeAccess(uint64_t Guest, unsigned Size,
                                    bool Write) const {
  std::string Text = Write ? "cannot write " : "cannot read ";
  Text += std::to_string(Size) + (Size == 1 ? " byte at " : " bytes at ");
  for (const Frame *F = Frames.data() + 1; F <= S.Top; ++F) {
    int64_t FromTop = int64_t(Guest - F->StackTop);
    if (FromTop >= -8192 && FromTop < 4096)
      return Text + "r10" + (FromTop < 0 ? " - " : " + ") +
             std::to_string(std::abs(FromTop)) + " of `" +
             Code.P.Subprogs[F->Func].Name + "`, outside its " +
             std::to_string(StackSize) + " bytes of stack";
  }
  if (Packet *P = Env.Pkt) {
    uint64_t Offset = Guest - P->Guest;
    if (Offset < P->Buffer.size())
      return Text + "packet offset " +
             std::to_string(int64_t(Offset) - int64_t(P->Start)) +
             ", the packet has " + std::to_string(P->End - P->Start) + " bytes";
  }
  if (Guest - Env.Ctx.Base < Env.Ctx.May.Size)
    return Text + "context offset " + std::to_string(Guest - Env.Ctx.Base) +
           (Write ? ", which is read-only"
                  : ", which this type of program may not read");
  return Text + Env.Mem.describe(Guest);
}

Expected<uint32_t> Machine::tailTarget(uint64_t R2, uint64_t R3) {
  uint32_t Number = mapNumber(Env, R2);
  if (Number == ~0u || Env.Maps[Number]->def().Type != ProgArrayType)
    return diagError(DiagCode::RunError, {},
                     "bpf_tail_call: r2 is no program array");
  Map &M = *Env.Maps[Number];
  uint32_t Index = uint32_t(R3);
  if (Index >= M.def().MaxEntries || TailCalls >= Limits.MaxTailCalls)
    return ~0u;
  ++TailCalls;
  uint8_t Key[4];
  Env.Mem.store(Key, 4, Index);
  std::vector<uint8_t> Value = M.valueForUser(Key);
  if (Value.size() < 4)
    return ~0u;
  uint32_t Target = uint32_t(Env.Mem.load(Value.data(), 4));
  if (Target == 0 || Target > Code.Funcs.size())
    return ~0u;
  return Target - 1;
}

const uint8_t *Machine::packetAt(int64_t Offset, unsigned Size) const {
  constexpr int64_t NetworkBase = -0x100000, LinkBase = -0x200000;
  const Packet *P = Env.Pkt;
  if (!P)
    return nullptr;
  int64_t At;
  if (Offset >= 0)
    At = P->Start + Offset;
  else if (Offset >= NetworkBase)
    At = P->Start + Env.NetworkOffset + (Offset - NetworkBase);
  else if (Offset >= LinkBase)
    At = P->Start + Env.LinkOffset + (Offset - LinkBase);
  else
    return nullptr;
  if (At < 0 || At + Size > P->End)
    return nullptr;
  return P->Buffer.data() + At;
}

Expected<uint64_t> Machine::exec(uint32_t Func, ArrayRef<uint64_t> Args) {
  Frame *Until = S.Top;
  if (Error E = push(Func))
    return std::move(E);
  Registers At;
  for (size_t N = 0; N != Args.size(); ++N) {
    At.R[isa::R1 + N] = Args[N];
    At.Init |= uint16_t(1u << (isa::R1 + N));
  }
  At.R[isa::R10] = enterStack();
  return resume(At, Until);
}

Expected<uint64_t> Machine::resume(Registers &At, Frame *Until) {
  return Code.P.BigEndian ? loop<true>(At, Until) : loop<false>(At, Until);
}

template <bool BigEndian>
Expected<uint64_t> Machine::loop(Registers &At, Frame *Until) {
  uint64_t R[isa::NumRegs];
  std::copy(std::begin(At.R), std::end(At.R), R);
  uint16_t Init = At.Init;
  uint64_t Left = S.Left;
  const PreInst *Start = Code.Funcs[S.Top->Func].data();
  const PreInst *PC = Start + At.Inst;

  auto Fault = [&](const Twine &What) {
    Error E = faultAt(Code.P, S.Top->Func, uint32_t(PC - Start), What);
    S.Top = Until;
    S.Left = Left;
    Located = true;
    return E;
  };
  auto BadAccess = [&](uint64_t Guest, unsigned Size, bool Write) {
    return Fault(describeAccess(Guest, Size, Write));
  };
  auto Enter = [&](uint32_t To) {
    Start = Code.Funcs[To].data();
    PC = Start;
    R[isa::R10] = enterStack();
  };

#define A() Word<Opc>(R[I.Dst])
#define B(F) Word<Opc>(F == Form::RR || F == Form::JmpRR ? R[I.Src] : I.Imm)
#define DO_ALU(Opcode, F, Expr)                                                \
  {                                                                            \
    constexpr unsigned Opc = Opcode;                                           \
    Word<Opc> a = A(), b = B(F);                                               \
    (void)a;                                                                   \
    (void)b;                                                                   \
    R[I.Dst] = Word<Opc>(Expr);                                                \
    break;                                                                     \
  }
#define DO_ADD(O, F, V) DO_ALU(O, F, a + b)
#define DO_SUB(O, F, V) DO_ALU(O, F, a - b)
#define DO_MUL(O, F, V) DO_ALU(O, F, a *b)
#define DO_DIV(O, F, V) DO_ALU(O, F, divide(a, b))
#define DO_MOD(O, F, V) DO_ALU(O, F, modulo(a, b))
#define DO_SDIV(O, F, V) DO_ALU(O, F, signedDivide(a, b))
#define DO_SMOD(O, F, V) DO_ALU(O, F, signedModulo(a, b))
#define DO_OR(O, F, V) DO_ALU(O, F, a | b)
#define DO_AND(O, F, V) DO_ALU(O, F, a &b)
#define DO_XOR(O, F, V) DO_ALU(O, F, a ^ b)
#define DO_LSH(O, F, V) DO_ALU(O, F, a << shiftMask(b))
#define DO_RSH(O, F, V) DO_ALU(O, F, a >> shiftMask(b))
#define DO_ARSH(O, F, V) DO_ALU(O, F, toSigned(a) >> shiftMask(b))
#define DO_MOV(O, F, V) DO_ALU(O, F, b)
#define DO_NEG(O, F, V) DO_ALU(O, F, 0 - a)
#define DO_MOVSX(O, F, V) DO_ALU(O, F, signExtend(b, V))
#define DO_LE(O, F, V)                                                         \
  R[I.Dst] = BigEndian ? swapBytes(R[I.Dst], V) : truncate(R[I.Dst], V);       \
  break;
#define DO_BE(O, F, V)                                                         \
  R[I.Dst] = BigEndian ? truncate(R[I.Dst], V) : swapBytes(R[I.Dst], V);       \
  break;
#define DO_BSWAP(O, F, V)                                                      \
  R[I.Dst] = swapBytes(R[I.Dst], V);                                           \
  break;

#define DO_JCC(Opcode, F, Cond)                                                \
  {                                                                            \
    constexpr unsigned Opc = Opcode;                                           \
    Word<Opc> a = A(), b = B(F);                                               \
    if (Cond) {                                                                \
      PC = Start + I.Target;                                                   \
      continue;                                                                \
    }                                                                          \
    break;                                                                     \
  }
#define DO_JEQ(O, F, V) DO_JCC(O, F, a == b)
#define DO_JNE(O, F, V) DO_JCC(O, F, a != b)
#define DO_JGT(O, F, V) DO_JCC(O, F, a > b)
#define DO_JGE(O, F, V) DO_JCC(O, F, a >= b)
#define DO_JLT(O, F, V) DO_JCC(O, F, a < b)
#define DO_JLE(O, F, V) DO_JCC(O, F, a <= b)
#define DO_JSET(O, F, V) DO_JCC(O, F, (a & b) != 0)
#define DO_JSGT(O, F, V) DO_JCC(O, F, toSigned(a) > toSigned(b))
#define DO_JSGE(O, F, V) DO_JCC(O, F, toSigned(a) >= toSigned(b))
#define DO_JSLT(O, F, V) DO_JCC(O, F, toSigned(a) < toSigned(b))
#define DO_JSLE(O, F, V) DO_JCC(O, F, toSigned(a) <= toSigned(b))
#define DO_JA(O, F, V)                                                         \
  PC = Start + I.Target;                                                       \
  continue;
#define DO_MAY_GOTO(O, F, V)                                                   \
  if (S.Top->Loops-- == 0) {                                                   \
    S.Top->Loops = 0;                                                          \
    PC = Start + I.Target;                                                     \
    continue;                                                                  \
  }                                                                            \
  break;

#define POINTER(Reg, Size, Write)                                              \
  uint64_t Guest = R[Reg] + uint64_t(int64_t(I.Off));                          \
  uint8_t *Host = Env.Mem.access(Guest, Size, Write);                          \
  if (!Host)                                                                   \
    return BadAccess(Guest, Size, Write);
#define DO_LOAD(O, F, V)                                                       \
  {                                                                            \
    POINTER(I.Src, isa::accessBytes(O), false)                                 \
    R[I.Dst] = get<isa::accessBytes(O), BigEndian>(Host);                      \
    break;                                                                     \
  }
#define DO_LOADSX(O, F, V)                                                     \
  {                                                                            \
    POINTER(I.Src, isa::accessBytes(O), false)                                 \
    R[I.Dst] = signExtend(get<isa::accessBytes(O), BigEndian>(Host),           \
                          8 * isa::accessBytes(O));                            \
    break;                                                                     \
  }
#define DO_STORE(O, F, V)                                                      \
  {                                                                            \
    POINTER(I.Dst, isa::accessBytes(O), true)                                  \
    put<isa::accessBytes(O), BigEndian>(                                       \
        Host, F == Form::StoreI ? uint64_t(I.Imm) : R[I.Src]);                 \
    break;                                                                     \
  }
#define DO_LOAD_ACQ(O, F, V) DO_LOAD(O, F, V)
#define DO_STORE_REL(O, F, V) DO_STORE(O, F, V)

#define DO_RMW(O, Expr, Keep)                                                  \
  {                                                                            \
    constexpr unsigned Size = isa::accessBytes(O);                             \
    POINTER(I.Dst, Size, true)                                                 \
    uint64_t a = get<Size, BigEndian>(Host), b = R[I.Src];                     \
    put<Size, BigEndian>(Host, Expr);                                          \
    (void)a;                                                                   \
    (void)b;                                                                   \
    Keep;                                                                      \
    break;                                                                     \
  }
#define DO_ATOMIC_ADD(O, F, V) DO_RMW(O, a + b, )
#define DO_ATOMIC_OR(O, F, V) DO_RMW(O, a | b, )
#define DO_ATOMIC_AND(O, F, V) DO_RMW(O, a &b, )
#define DO_ATOMIC_XOR(O, F, V) DO_RMW(O, a ^ b, )
#define DO_FETCH_ADD(O, F, V) DO_RMW(O, a + b, R[I.Src] = a)
#define DO_FETCH_OR(O, F, V) DO_RMW(O, a | b, R[I.Src] = a)
#define DO_FETCH_AND(O, F, V) DO_RMW(O, a &b, R[I.Src] = a)
#define DO_FETCH_XOR(O, F, V) DO_RMW(O, a ^ b, R[I.Src] = a)
#define DO_XCHG(O, F, V) DO_RMW(O, b, R[I.Src] = a)
#define DO_CMPXCHG(O, F, V)                                                    \
  DO_RMW(O, a == truncate(R[isa::R0], 8 * Size) ? b : a, R[isa::R0] = a)

#define DO_LD_IMM64(O, F, V)                                                   \
  R[I.Dst] = uint64_t(I.Imm);                                                  \
  break;
#define DO_LD_MAP_FD(O, F, V) DO_LD_IMM64(O, F, V)
#define DO_LD_MAP_VALUE(O, F, V) DO_LD_IMM64(O, F, V)
#define DO_LD_FUNC(O, F, V) DO_LD_IMM64(O, F, V)
#define DO_LD_MAP_IDX(O, F, V) DO_LD_IMM64(O, F, V)
#define DO_LD_MAP_IDX_VALUE(O, F, V) DO_LD_IMM64(O, F, V)
#define DO_PACKET(O, Offset)                                                   \
  {                                                                            \
    const uint8_t *Host = packetAt(Offset, isa::accessBytes(O));               \
    Init &= uint16_t(~CallerSaved);                                            \
    Init |= 1 << isa::R0;                                                      \
    if (!Host) {                                                               \
      R[isa::R0] = 0;                                                          \
      goto Exit;                                                               \
    }                                                                          \
    R[isa::R0] = get<isa::accessBytes(O), true>(Host);                         \
    break;                                                                     \
  }
#define DO_LD_ABS(O, F, V) DO_PACKET(O, int32_t(I.Imm))
#define DO_LD_IND(O, F, V)                                                     \
  DO_PACKET(O, int32_t(uint32_t(R[I.Src]) + uint32_t(I.Imm)))

#define DO_LD_BTF_ID(O, F, V) goto Extern;
#define DO_CALL_KFUNC(O, F, V) goto Extern;
#define DO_CAST(O, F, V) return Fault("arenas do not exist in user space");
#define DO_GOTOX(O, F, V) return Fault("jumps through a table cannot run here");
#define DO_CALLX(O, F, V)                                                      \
  return Fault("calls through a pointer cannot run: no kernel takes them");
#define DO_CALL_HELPER(O, F, V) goto Helper;
#define DO_CALL_SUBPROG(O, F, V) goto Call;
#define DO_EXIT(O, F, V) goto Exit;

  for (;;) {
    const PreInst &I = *PC;
    if ((Init & I.Reads) != I.Reads)
      return Fault(describeTrap(I, Init));
    if (Left == 0)
      return Fault("still running after " + Twine(Limits.MaxInsts) +
                   " instructions");
    --Left;
    Init |= I.Writes;

    switch (I.Opcode) {
#define INST(Name, Opcode, Key, Value, F, Text, Cpu, Sem)                      \
  case Op::Name:                                                               \
    DO_##Sem((Opcode), Form::F, (Value))
#include "backend/isa/isa.def"
    }
  Next:
    ++PC;
    continue;

  Extern:
    return Fault("`" +
                 Twine(uint64_t(I.Imm) < Code.P.Externs.size()
                           ? Code.P.Externs[size_t(I.Imm)]
                           : "?") +
                 "` exists in the kernel only");

  Helper:
    if (I.Imm == TailCallHelper) {
      auto To = tailTarget(R[isa::R2], R[isa::R3]);
      if (!To)
        return Fault(takeMessages(To.takeError()));
      Init &= uint16_t(~CallerSaved);
      if (*To == ~0u)
        goto Next;
      S.Top->Func = *To;
      S.Top->Loops = MaxLoops;
      Init = 1 << isa::R10 | 1 << isa::R1;
      Enter(*To);
      continue;
    } else {
      uint64_t Given[5];
      for (unsigned N = 0; N != 5; ++N)
        Given[N] = Init >> (isa::R1 + N) & 1 ? R[isa::R1 + N] : 0;
      S.Left = Left;
      auto Result = callHelper(Env, uint32_t(I.Imm), Given);
      Left = S.Left;
      if (!Result) {
        Error E = helperFault(Result.takeError(), uint32_t(PC - Start));
        S.Top = Until;
        return std::move(E);
      }
      R[isa::R0] = *Result;
      Init &= uint16_t(~CallerSaved);
      Init |= 1 << isa::R0;
      goto Next;
    }

  Call: {
    uint32_t To = uint32_t(I.Imm);
    if (Error E = push(To))
      return Fault(takeMessages(std::move(E)));
    S.Top->Return = uint32_t(PC - Start);
    S.Top->CallerInit = Init;
    S.Top->Saved = {R[6], R[7], R[8], R[9], R[10]};
    Init &= CallerSaved & ~1;
    Init |= 1 << isa::R10;
    Enter(To);
    continue;
  }

  Exit:
    if (S.Top == Until + 1) {
      if (!(Init & 1))
        return Fault("r0 is returned before it is written");
      S.Top = Until;
      S.Left = Left;
      return R[isa::R0];
    }
    const Frame &F = *S.Top;
    Init = uint16_t((F.CallerInit & ~CallerSaved) | (Init & 1));
    std::copy(F.Saved.begin(), F.Saved.end(), R + isa::R6);
    --S.Top;
    Start = Code.Funcs[S.Top->Func].data();
    PC = Start + F.Return + 1;
  }
}

Interpreter::Interpreter(const Program &P, Environment &Env)
    : Code(std::make_unique<Predecoded>(P, Env)),
      M(std::make_unique<Machine>(*Code)) {
  predecode(*Code);
}

Interpreter::~Interpreter() = default;

Expected<uint32_t> callbackAt(const Predecoded &Code, uint64_t Func) {
  uint64_t Index = (Func - FuncBase) / 4096;
  if (Index >= Code.Funcs.size() || functionAddress(uint32_t(Index)) != Func)
    return diagError(DiagCode::RunError, {}, "the callback is no function");
  return uint32_t(Index);
}

Expected<RunResult> Interpreter::run(uint32_t Entry, uint64_t Ctx,
                                     const RunLimits &Limits) {
  M->begin(Limits);
  Code->Env.CallBack = [this](uint64_t Func,
                              ArrayRef<uint64_t> Args) -> Expected<uint64_t> {
    auto Index = callbackAt(*Code, Func);
    return Index ? M->exec(*Index, Args) : Index.takeError();
  };
  auto R0 = M->exec(Entry, Ctx);
  Code->Env.CallBack = nullptr;
  for (const std::unique_ptr<Map> &Each : Code->Env.Maps)
    Each->reclaim();
  if (!R0)
    return R0.takeError();
  return RunResult{*R0, M->executed()};
}

Expected<RunResult> interpret(const Program &P, uint32_t Entry, uint64_t Ctx,
                              Environment &Env, const RunLimits &Limits) {
  return Interpreter(P, Env).run(Entry, Ctx, Limits);
}

} // namespace bpfcc
