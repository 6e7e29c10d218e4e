// The form of a program, before any path is followed: what is called is found
// from the program on, jumps become numbers of instructions, and each function
// is walked once for what cannot be reached.
//
// Here is also decided where states are compared: where paths meet, around
// calls, and at conditional jumps. A state is kept each time at the calls that
// begin another round of a loop which the kernel runs (bpf_loop, iterators,
// may_goto), because only comparing ends those.

#include "runtime/verify/Unit.h"

#include "backend/target/KernelFunctions.h"

#include "backend/isa/Encoding.h"
#include "backend/isa/Sem.h"
#include "backend/target/Helpers.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace bpfcc::verify {

using isa::Op;
using isa::Sem;

namespace {

class Builder {
public:
  Builder(const Program &P, const BtfFile &Btf, const Options &O, Unit &U,
          Finding &Why)
      : P(P), Btf(Btf), O(O), U(U), Why(Why) {}

  bool run(uint32_t Entry) {
    indexTypes();
    if (!add(Entry) || !addExceptionCallback())
      return false;
    for (uint32_t S = 0; S != U.Subs.size(); ++S)
      if (!flatten(S))
        return false;
    if (!fitsKernel())
      return false;
    U.Marks.resize(U.Insts.size());
    for (uint32_t S = 0; S != U.Subs.size(); ++S)
      if (!walk(S))
        return false;
    spreadEffects();
    findLiveRegisters(U);
    return true;
  }

private:
  void indexTypes() {
    FuncTypes.assign(P.Subprogs.size(), 0);
    StringMap<uint32_t> ByName;
    for (uint32_t N = 1; N != Btf.Types.size(); ++N)
      if (Btf.Types[N].K == btf::KindFunc)
        ByName[Btf.Types[N].Name] = N;
    for (size_t N = 0; N != P.Subprogs.size(); ++N)
      if (auto It = ByName.find(P.Subprogs[N].Name); It != ByName.end())
        FuncTypes[N] = It->second;
    SubOf.assign(P.Subprogs.size(), ~0u);
  }

  bool fail(DiagCode Code, Place At, const Twine &Message,
            const Twine &Help = "") {
    Why.Code = Code;
    Why.At = At;
    Why.Message = Message.str();
    Why.Help = Help.str();
    return false;
  }

  /// Makes a Sub of subprogram \p N, if there is none yet.
  bool add(uint32_t N) {
    if (N >= P.Subprogs.size())
      return fail(DiagCode::BadFlow, {}, "a call leads to no function");
    if (SubOf[N] != ~0u)
      return true;
    SubOf[N] = uint32_t(U.Subs.size());
    Unit::Sub S;
    S.Subprog = N;
    S.FuncType = FuncTypes[N];
    S.IsGlobal = hasFeature(O.Kernel, target::Feature::GlobalFunctions) &&
                 S.FuncType && Btf.type(S.FuncType).Linkage == btf::Global &&
                 !P.Subprogs[N].IsHidden && !U.Subs.empty();
    U.Subs.push_back(S);
    return true;
  }

  /// The function that the program's tag `exception_callback:NAME` names.
  bool addExceptionCallback() {
    StringRef Name;
    for (const BtfFile::Type &T : Btf.Types) {
      StringRef Text = T.Name;
      if (T.K != btf::KindDeclTag || T.Target != U.Subs[0].FuncType ||
          !T.Target || !Text.consume_front("exception_callback:"))
        continue;
      if (!Name.empty())
        return fail(DiagCode::BadCallback, Place{U.Subs[0].Subprog, 0},
                    "the program names two exception callbacks");
      Name = Text;
    }
    if (Name.empty())
      return true;
    for (uint32_t N = 0; N != P.Subprogs.size(); ++N)
      if (P.Subprogs[N].Name == Name) {
        if (!add(N))
          return false;
        U.ExceptionCallback = SubOf[N];
        return true;
      }
    return fail(DiagCode::BadCallback, {U.Subs[0].Subprog, 0},
                "there is no function `" + Name +
                    "`, which the program names as its exception callback");
  }

  bool flatten(uint32_t SubNumber) {
    const Subprog &From = P.Subprogs[U.Subs[SubNumber].Subprog];
    uint32_t Start = uint32_t(U.Insts.size());
    uint32_t Count = uint32_t(From.Insts.size());
    U.Subs[SubNumber].Start = Start;
    U.Subs[SubNumber].End = Start + Count;
    for (uint32_t N = 0; N != Count; ++N) {
      const isa::Inst &I = From.Insts[N];
      uint32_t Target = 0;
      Place At = {U.Subs[SubNumber].Subprog, N};
      if (I.Opcode == Op::CALL_SUBPROG || I.Opcode == Op::LD_FUNC) {
        if (!add(uint32_t(I.Imm)))
          return false;
        Target = SubOf[size_t(I.Imm)];
        if (I.Opcode == Op::LD_FUNC)
          U.Subs[Target].IsCallback = true;
        else
          U.Subs[SubNumber].Calls.push_back(Start + N);
      } else if (isa::isJump(I.Opcode)) {
        int64_t Distance =
            isa::form(I.Opcode) == isa::Form::JmpL ? I.Imm : int64_t(I.Off);
        int64_t Slot = int64_t(From.Slots[N]) + 1 + Distance;
        auto It = lower_bound(From.Slots, Slot);
        if (Slot < 0 || It == From.Slots.end() || *It != Slot)
          return fail(DiagCode::BadFlow, At,
                      "this jump leads out of `" + From.Name + "`",
                      "a function's jumps must stay inside it");
        Target = Start + uint32_t(It - From.Slots.begin());
      }
      U.Insts.push_back(I);
      U.Target.push_back(Target);
      U.SubOf.push_back(uint16_t(SubNumber));
    }
    Op Last = Count ? From.Insts.back().Opcode : Op::EXIT;
    if (!Count || (isa::meaning(Last).What != Sem::EXIT &&
                   isa::meaning(Last).What != Sem::JA &&
                   Last != Op::CALL_KFUNC && Last != Op::GOTOX))
      return fail(DiagCode::BadFlow,
                  {U.Subs[SubNumber].Subprog, Count ? Count - 1 : 0},
                  "control runs off the end of `" + From.Name + "`",
                  "end the function with a return on every path");
    return true;
  }

  /// What a kernel must have for \p O; nothing if all have it.
  static std::optional<target::Feature> featureFor(Op O) {
    Sem What = isa::meaning(O).What;
    bool IsAtomic = What >= Sem::ATOMIC_ADD && What <= Sem::CMPXCHG;
    if (What == Sem::MAY_GOTO)
      return target::Feature::MayGoto;
    if (What == Sem::LOAD_ACQ || What == Sem::STORE_REL)
      return target::Feature::LoadAcquire;
    if (IsAtomic && What != Sem::ATOMIC_ADD)
      return target::Feature::Atomics;
    switch (isa::info(O).Cpu) {
    case 2:
      return target::Feature::Isa2;
    case 3: // 32-bit arithmetic is older than the compilers' use of it
      if (isa::isCondition(What))
        return target::Feature::Isa3;
      return std::nullopt;
    case 4:
      return target::Feature::Isa4;
    default:
      return std::nullopt;
    }
  }

  bool lacks(target::Feature F, Place At, const char *Help) {
    const target::FeatureInfo &Info = target::featureInfo(F);
    return fail(DiagCode::KernelLacks, At,
                formatv(diagFormat(DiagCode::KernelLacks),
                        "Linux " + target::toString(O.Kernel), Info.Text,
                        target::toString(Info.Since))
                    .str(),
                Help);
  }

  bool fitsKernel() {
    for (uint32_t At = 0; At != U.Insts.size(); ++At)
      if (auto F = featureFor(U.Insts[At].Opcode);
          F && !hasFeature(O.Kernel, *F))
        return lacks(*F, U.place(At),
                     "-mkernel= says which kernels it is compiled for");
    unsigned Slots = 0, Limit = target::instructionLimit(O.Kernel);
    for (const isa::Inst &I : U.Insts)
      Slots += isa::slots(I.Opcode);
    return Slots <= Limit ||
           fail(DiagCode::TooManyInsns, U.place(0),
                formatv(diagFormat(DiagCode::TooManyInsns), name(U.Subs[0]),
                        Slots, Limit)
                    .str(),
                "write loops instead of unrolled code, or divide the work by "
                "tail calls");
  }

  void mark(uint32_t Inst, uint8_t Mark = Unit::Compare) {
    U.Marks[Inst] |= Mark;
  }

  static bool callsBack(const isa::Inst &I) {
    if (I.Opcode != Op::CALL_HELPER)
      return false;
    const target::HelperInfo *H = target::helperById(unsigned(I.Imm));
    return H && is_contained(H->Args, target::ArgKind::Func) &&
           !StringRef(H->Name).contains("timer");
  }

  /// What follows \p At, with marks.
  void successors(uint32_t At, SmallVectorImpl<uint32_t> &Next) {
    const isa::Inst &I = U.Insts[At];
    Sem What = isa::meaning(I.Opcode).What;
    bool AddsRounds =
        What == Sem::MAY_GOTO ||
        (callsBack(I) && hasFeature(O.Kernel, target::Feature::CallbackRounds));
    if (I.Opcode == Op::CALL_KFUNC && size_t(I.Imm) < P.Externs.size()) {
      StringRef Name = P.Externs[size_t(I.Imm)];
      AddsRounds |=
          (Name.starts_with("bpf_iter_") && Name.ends_with("_next")) ||
          Name.starts_with("bpf_rbtree_add_impl");
    }
    if (AddsRounds)
      mark(At, Unit::Compare | Unit::AlwaysKeep);
    if (What == Sem::EXIT)
      return;
    if (What == Sem::JA) {
      mark(U.Target[At]);
      Next.push_back(U.Target[At]);
      return;
    }
    if (isa::isCondition(What) || What == Sem::MAY_GOTO) {
      mark(At);
      mark(U.Target[At]);
      Next.push_back(U.Target[At]);
    }
    if (I.Opcode == Op::CALL_SUBPROG || I.Opcode == Op::LD_FUNC)
      mark(U.Subs[U.Target[At]].Start);
    if (I.Opcode == Op::CALL_SUBPROG) {
      mark(At);
      if (At + 1 != U.Subs[U.SubOf[At]].End)
        mark(At + 1);
    }
    Next.push_back(At + 1);
  }

  bool isJump(uint32_t At) const {
    Sem What = isa::meaning(U.Insts[At].Opcode).What;
    return What == Sem::JA || isa::isCondition(What) || What == Sem::MAY_GOTO;
  }

  /// Visits what \p SubNumber's start reaches. Before Linux 5.3 no jump may
  /// lead back, before 6.7 nothing but a jump.
  bool walk(uint32_t SubNumber) {
    Unit::Sub &S = U.Subs[SubNumber];
    enum : uint8_t { New, Open, Done };
    std::vector<uint8_t> Seen(S.End - S.Start);
    struct Entry {
      uint32_t At;
      SmallVector<uint32_t, 2> Next;
    };
    std::vector<Entry> Path;
    auto Enter = [&](uint32_t At) {
      Seen[At - S.Start] = Open;
      Path.push_back({At, {}});
      successors(At, Path.back().Next);
      noteEffects(S, At);
    };
    Enter(S.Start);
    bool Loops = hasFeature(O.Kernel, target::Feature::BoundedLoops);
    bool FallsIn = hasFeature(O.Kernel, target::Feature::FallIntoLoops);
    while (!Path.empty()) {
      Entry &E = Path.back();
      if (E.Next.empty()) {
        Seen[E.At - S.Start] = Done;
        Path.pop_back();
        continue;
      }
      uint32_t Next = E.Next.pop_back_val(), At = E.At;
      if (Next >= S.End)
        return fail(DiagCode::BadFlow, U.place(At),
                    "control runs off the end of `" + name(S) + "`",
                    "end the function with a return on every path");
      if (Seen[Next - S.Start] == New)
        Enter(Next);
      else if (Seen[Next - S.Start] == Open && !Loops)
        return lacks(target::Feature::BoundedLoops, U.place(At),
                     "unroll the loop: `#pragma unroll`");
      else if (Seen[Next - S.Start] == Open && !FallsIn && !isJump(At))
        return lacks(target::Feature::FallIntoLoops, U.place(At),
                     "what bpfcc compiles ends in one; in assembly, lay the "
                     "loop out so");
    }
    for (uint32_t At = S.Start; At != S.End; ++At)
      if (Seen[At - S.Start] == New)
        return fail(DiagCode::Unreachable, U.place(At),
                    "no path leads to this instruction of `" + name(S) + "`",
                    "remove the code, or the jump or exit before it");
    return true;
  }

  void noteEffects(Unit::Sub &S, uint32_t At) {
    const isa::Inst &I = U.Insts[At];
    if (I.Opcode == Op::CALL_HELPER) {
      if (const auto *H = target::helperById(unsigned(I.Imm)))
        S.ChangesPacket |= H->Effects & target::ChangesPacket;
      if (const auto *H = target::helperById(unsigned(I.Imm)))
        S.MaySleep |= bool(H->Effects & target::Sleeps);
      S.HasTailCall |= I.Imm == 12;
    }
    if (I.Opcode == Op::CALL_KFUNC && size_t(I.Imm) < P.Externs.size()) {
      StringRef Name = P.Externs[size_t(I.Imm)];
      const auto *K = target::kernelFunction(Name.take_front(Name.find("___")));
      S.MaySleep |= K && K->is(target::kf::MaySleep);
    }
  }

  /// What a function does that another calls, that one does.
  void spreadEffects() {
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (Unit::Sub &S : U.Subs)
        for (uint32_t Call : S.Calls) {
          const Unit::Sub &To = U.Subs[U.Target[Call]];
          if (To.ChangesPacket && !S.ChangesPacket)
            S.ChangesPacket = Changed = true;
          if (To.MaySleep && !S.MaySleep)
            S.MaySleep = Changed = true;
        }
    }
  }

  const std::string &name(const Unit::Sub &S) const {
    return P.Subprogs[S.Subprog].Name;
  }

  const Program &P;
  const BtfFile &Btf;
  const Options &O;
  Unit &U;
  Finding &Why;
  std::vector<uint32_t> FuncTypes, SubOf; ///< by subprogram
};

} // namespace

bool buildUnit(const Program &P, const BtfFile &Btf, uint32_t Entry,
               const Options &O, Unit &U, Finding &Why) {
  return Builder(P, Btf, O, U, Why).run(Entry);
}

} // namespace bpfcc::verify
