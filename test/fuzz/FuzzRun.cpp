// Hostile programs on the interpreter and on compiled code: each ends with a
// result or with a reason, within its budget, and both agree. Guest memory
// around regions is poisoned for AddressSanitizer (runtime/memory), so that a
// helper that leaves what a program owns is seen.
//
// What the verifier accepts must not fault, on whatever the program is run.
//
// The input is no bytecode, of which most bytes are refused: some bytes make
// one instruction of a row of isa.def, or the arguments of a helper by the
// kinds that its row gives them with the call. So inputs that begin alike are
// programs that are alike.

#include "backend/isa/Encoding.h"
#include "backend/target/Helpers.h"
#include "backend/target/MapTypes.h"
#include "runtime/hooks/Context.h"
#include "runtime/interp/Instance.h"
#include "runtime/interp/Interp.h"
#include "runtime/jit/Jit.h"
#include "runtime/verify/Verify.h"
#include "support/Diagnostic.h"

#include "llvm/Support/ErrorHandling.h"

using namespace bpfcc;
using namespace bpfcc::isa;
using bpfcc::target::ArgKind;
using bpfcc::target::MapType;

namespace {

constexpr unsigned MaxInsts = 4000, InstBytes = 16;

/// The helpers and kernel functions that user space has for \p Kind.
const std::vector<const target::HelperInfo *> &callees(HookKind Kind) {
  auto Find = [](llvm::StringRef Without) {
    std::vector<const target::HelperInfo *> Found;
    Program P;
    auto I = llvm::cantFail(instantiate(P));
    for (unsigned First : {1u, target::FirstKfunc})
      for (unsigned Id = First; const auto *H = target::helperById(Id); ++Id) {
        auto R = callHelper(I->Env, Id, {});
        std::string Reason = R ? "" : takeMessages(R.takeError());
        if (Reason.find("has no meaning") == std::string::npos &&
            !llvm::StringRef(H->Name).contains(Without))
          Found.push_back(H);
      }
    return Found;
  };
  static const auto ForXdp = Find("skb"), ForTc = Find("xdp");
  return Kind == HookKind::Xdp ? ForXdp : ForTc;
}

class Bytes {
public:
  explicit Bytes(llvm::ArrayRef<uint8_t> Data) : Data(Data) {}
  size_t size() const { return Data.size(); }
  uint64_t number(unsigned Size) {
    uint64_t V = 0;
    for (unsigned I = 0; I != Size && !Data.empty(); ++I) {
      V |= uint64_t(Data.front()) << 8 * I;
      Data = Data.drop_front();
    }
    return V;
  }
  unsigned below(unsigned Limit) { return unsigned(number(1)) % Limit; }

private:
  llvm::ArrayRef<uint8_t> Data;
};

struct Generator {
  Bytes In;
  HookKind Kind;
  Program P;
  std::vector<Inst> Code;

  /// Constants of any size, most of them near an edge.
  int64_t constant() {
    static constexpr int64_t Edges[] = {
        0,  1,  2,  7,   8,      16,        31,        32,
        63, 64, -1, 512, 0x7fff, INT32_MAX, INT32_MIN, -8};
    unsigned K = In.below(20);
    return K < 16 ? Edges[K] : int32_t(In.number(4));
  }

  void emit(Op O, unsigned Dst = 0, unsigned Src = 0, int Off = 0,
            int64_t Imm = 0) {
    Code.push_back({O, uint8_t(Dst), uint8_t(Src), int16_t(Off), Imm});
  }

  void anyRow() {
    Inst I;
    I.Opcode = Op(In.number(2) % NumOps);
    // Mostly registers that calls leave written, and bases of memory.
    static constexpr uint8_t Values[] = {R0, R8, R9};
    static constexpr uint8_t Bases[] = {R7, R9, R10, R10};
    bool Stores = form(I.Opcode) == Form::StoreR ||
                  form(I.Opcode) == Form::StoreI ||
                  form(I.Opcode) == Form::Atomic;
    bool Loads = form(I.Opcode) == Form::Load;
    I.Dst = Stores ? Bases[In.below(4)] : Values[In.below(3)];
    I.Src = Loads ? Bases[In.below(4)] : Values[In.below(3)];
    if (In.below(16) == 0)
      I.Dst = uint8_t(In.below(11));
    if (In.below(16) == 0)
      I.Src = uint8_t(In.below(11));
    bool OnStack = I.Dst == R10 || I.Src == R10;
    I.Off = int16_t(In.below(16)  ? (OnStack ? -8 : 4) * int(1 + In.below(7))
                    : In.below(2) ? int8_t(In.number(1))
                                  : int(In.number(2)));
    I.Imm = form(I.Opcode) == Form::Imm64 && In.below(4) ? int64_t(In.below(16))
                                                         : constant();
    if (isJump(I.Opcode)) {
      int Distance = int(In.below(12)) - 3;
      I.Off = int16_t(Distance);
      if (form(I.Opcode) == Form::JmpL)
        I.Imm = Distance;
    }
    if (I.Opcode == Op::CALL_SUBPROG)
      I.Imm = In.below(3);
    Code.push_back(I);
  }

  /// Register \p R gets what an argument of kind \p Kind may be; or anything.
  void argument(unsigned R, ArgKind Kind) {
    if (In.below(16) == 0)
      return emit(Op::LD_IMM64, R, 0, 0, int64_t(In.number(8)));
    switch (Kind) {
    case ArgKind::Map:
      return emit(Op::LD_MAP_FD, R, 0, 0, In.below(unsigned(P.Maps.size())));
    case ArgKind::Ctx:
    case ArgKind::CtxOrNull:
      return emit(Op::MOV_RR, R, R6);
    case ArgKind::Func:
      return emit(Op::LD_FUNC, R, 0, 0, 1);
    case ArgKind::Size:
    case ArgKind::SizeOrZero:
      if (In.below(8))
        return emit(Op::MOV_RI, R, 0, 0, 1 + In.below(48));
      [[fallthrough]];
    case ArgKind::AllocSize:
    case ArgKind::Any:
      return emit(Op::MOV_RI, R, 0, 0, constant());
    case ArgKind::SpinLock:
    case ArgKind::Timer:
    case ArgKind::KptrDest:
      return emit(Op::LD_MAP_VALUE, R, 0, 0, 1 | int64_t(In.below(24)) << 32);
    case ArgKind::ConstStr:
      return emit(Op::LD_MAP_VALUE, R, 0, 0,
                  int64_t(P.Maps.size() - 1) | int64_t(In.below(48)) << 32);
    default:
      break;
    }
    switch (In.below(6)) {
    case 0:
      return emit(Op::MOV_RR, R, R7);
    case 1:
      return emit(Op::MOV_RR, R, R9);
    case 2:
      return emit(Op::MOV_RR, R, R0);
    default:
      emit(Op::MOV_RR, R, R10);
      emit(Op::ADD_RI, R, 0, 0, -8 * int(1 + In.below(In.below(8) ? 16 : 66)));
    }
  }

  void call() {
    const auto &All = callees(Kind);
    const target::HelperInfo *H = All[In.number(2) % All.size()];
    for (unsigned N = 0; N != H->numArgs(); ++N)
      argument(R1 + N, H->Args[N]);
    if (H->Id >= target::FirstKfunc) {
      emit(Op::CALL_KFUNC, 0, 0, 0, int64_t(P.Externs.size()));
      P.Externs.push_back(H->Name);
    } else {
      emit(Op::CALL_HELPER, 0, 0, 0, H->Id);
    }
  }

  void start(bool Main) {
    Code.clear();
    emit(Op::MOV_RR, R6, R1);
    if (Main) // the packet
      emit(Op::LDXW, R7, R6, Kind == HookKind::Xdp ? 0 : 76);
    else
      emit(Op::MOV_RR, R7, R2);
    emit(Op::LD_MAP_FD, R8, 0, 0, 1);
    emit(Op::LD_MAP_VALUE, R9, 0, 0, 1);
    for (unsigned R : {R0, R2, R3, R4, R5})
      emit(Op::MOV_RI, R, 0, 0, constant());
    for (int At = 8; At <= 64; At += 8)
      emit(Op::STDW, R10, 0, -At, constant());
  }

  void finish(const char *Name) {
    emit(Op::MOV_RI, R0, 0, 0, 0);
    emit(Op::EXIT);
    Subprog S;
    S.Name = Name;
    uint32_t Slot = 0;
    for (const Inst &I : Code) {
      S.Slots.push_back(Slot);
      Slot += slots(I.Opcode);
    }
    S.Insts = Code;
    S.IsProgram = true;
    P.Subprogs.push_back(std::move(S));
  }

  void maps() {
    auto Add = [&](MapType T, uint32_t Key, uint32_t Value, uint32_t Max,
                   uint32_t Flags = 0) {
      MapDef D;
      D.Name = "map" + std::to_string(P.Maps.size());
      D.Type = uint32_t(T);
      D.KeySize = Key;
      D.ValueSize = Value;
      D.MaxEntries = Max;
      D.Flags = Flags;
      P.Maps.push_back(D);
      P.InnerMaps.push_back(~0u);
    };
    constexpr uint32_t NoPrealloc = 1;
    Add(MapType::Hash, 4, 16, 4);
    Add(MapType::Array, 4, 32, 1); // 1: locks, timers, kptrs
    Add(MapType::ProgArray, 4, 4, 3);
    Add(MapType::PerfEventArray, 4, 4, 2);
    Add(MapType::PerCpuHash, 8, 8, 3);
    Add(MapType::PerCpuArray, 4, 24, 3);
    Add(MapType::LruHash, 4, 8, 3);
    Add(MapType::LpmTrie, 8, 8, 5, NoPrealloc);
    Add(MapType::Queue, 0, 8, 2);
    Add(MapType::Stack, 0, 16, 2);
    Add(MapType::RingBuf, 0, 0, 4096);
    Add(MapType::UserRingBuf, 0, 0, 4096);
    Add(MapType::BloomFilter, 0, 8, 8);
    Add(MapType::StackTrace, 4, 80, 4);
    Add(MapType::ArrayOfMaps, 4, 4, 3);
    P.InnerMaps.back() = 0;
    P.SlotValues.push_back({uint32_t(P.Maps.size() - 1), 1, false, 0});
    P.SlotValues.push_back({2, 1, true, 1});
    Add(MapType::Array, 4, 48, 1); // the last: text
    static const char Text[48] =
        "%d %s %pI6 %llx%%\0 -0x7fz %c%5u\0 12345678901";
    P.Initial.push_back({uint32_t(P.Maps.size() - 1), std::vector<uint8_t>(4),
                         std::vector<uint8_t>(Text, Text + sizeof(Text))});
  }
};

Program generate(llvm::ArrayRef<uint8_t> Data, HookKind Kind, bool BigEndian) {
  Generator G{Bytes(Data), Kind, {}, {}};
  G.P.BigEndian = BigEndian;
  G.maps();
  for (const char *Name : {"main", "callback", "second"}) {
    bool Main = G.P.Subprogs.empty();
    G.start(Main);
    unsigned Count = Main ? 60 : 12;
    while (Count-- && G.In.size() >= InstBytes) {
      if (G.In.below(3) == 0)
        G.call();
      else
        G.anyRow();
    }
    G.finish(Name);
  }
  return std::move(G.P);
}

/// What a run gives: its result or its reason.
std::string outcome(const Program &P, HookKind Kind, bool Compiled) {
  auto I = instantiate(P);
  if (!I)
    return takeMessages(I.takeError());
  std::vector<uint8_t> Frame(64);
  for (unsigned N = 0; N != Frame.size(); ++N)
    Frame[N] = uint8_t(N * 7);
  Frame[12] = 8, Frame[13] = 0, Frame[14] = 0x45;
  Context C((*I)->Env, Kind, Frame);
  RunLimits Limits;
  Limits.MaxInsts = MaxInsts;
  llvm::Expected<RunResult> R = RunResult();
  if (Compiled) {
    auto J = Jit::compile(P, (*I)->Env);
    if (!J)
      return takeMessages(J.takeError());
    R = (*J)->run(0, C.address(), Limits);
  } else {
    R = interpret(P, 0, C.address(), (*I)->Env, Limits);
  }
  if (!R)
    return takeMessages(R.takeError());
  return std::to_string(R->R0) + " after " + std::to_string(R->Insts);
}

bool isAccepted(const Program &P, HookKind Kind) {
  verify::Options O;
  O.Kernel = {6, 18};
  O.Type = Kind == HookKind::Xdp ? target::ProgType::Xdp
                                 : target::ProgType::SchedCls;
  return verify::verify(P, 0, O).V == verify::Verdict::Accepted;
}

/// A reason to stop that verifiers do not rule out: time, frames of callbacks,
/// and what user space has no meaning for.
bool mayStop(llvm::StringRef Outcome) {
  return Outcome.contains(" after ") || Outcome.contains("instructions") ||
         Outcome.contains("no meaning") ||
         Outcome.contains("exists in the kernel only");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  if (Size < 2)
    return 0;
  bool BigEndian = Data[0] & 1;
  HookKind Kind = Data[0] & 2 ? HookKind::Xdp : HookKind::Tc;
  Program P = generate({Data + 1, Size - 1}, Kind, BigEndian);
  std::string Checked = outcome(P, Kind, false);
  if (Checked.empty())
    __builtin_trap();
  if (isAccepted(P, Kind) && !mayStop(Checked))
    llvm::report_fatal_error(
        llvm::Twine("the verifier accepts this, and it faults: ") + Checked);
  bool Compile = (Data[0] & 12) == 0 && Jit::isSupported();
  if (Compile && outcome(P, Kind, true) != Checked)
    llvm::report_fatal_error("the interpreter and compiled code disagree");
  return 0;
}
