// Shorter code for a window, by trying all there is.
//
// needs: a window with numbers that it occurs with
// gives: a proved row
//
//   ra <<= K; ra s>>= K   seen with K = 32    ->    ra = (s32)ra   if K == 32
//
// Instructions over the window's registers, and over its numbers and what they
// add up to, are tried in all orders, fewest first. What agrees with the window
// on one state is tried on many; what agrees on all is a candidate, which is
// made general (Generalise.cpp) and proved.

#include "tools/superopt/Search.h"

#include "tools/superopt/Concrete.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

namespace bpfcc::superopt {

namespace {

/// A number that a candidate may have, and how a row says it.
struct PoolNumber {
  std::string Text;
  int64_t Value;
};

class Searcher {
public:
  Searcher(const Window &W, llvm::ArrayRef<int64_t> Example)
      : W(W), Example(Example) {
    addNumbers();
    addInsts();
    addStates();
  }

  /// Sequences of \p Length instructions that agree on all states.
  std::vector<std::vector<WindowInst>> run(unsigned Length) {
    Candidates.clear();
    Chosen.clear();
    Small = Length > 2;
    extend(Length, States[0].Start, Exposed);
    return std::move(Candidates);
  }

  std::vector<std::string> texts() const {
    std::vector<std::string> Texts;
    for (const PoolNumber &N : Pool)
      Texts.push_back(N.Text);
    return Texts;
  }

private:
  struct State {
    Computation<Concrete> Start, End;
  };
  static constexpr size_t MaxCandidates = 12;

  void addNumber(std::string Text, int64_t Value) {
    if (llvm::none_of(Pool,
                      [&](const PoolNumber &N) { return N.Value == Value; }))
      Pool.push_back({std::move(Text), Value});
  }

  void addNumbers() {
    // The window's own keep their index, whatever they are.
    for (unsigned N = 0; N < Example.size(); ++N)
      Pool.push_back({std::string(1, numberLetter(N)), Example[N]});
    const unsigned Own = Pool.size();
    auto Wrap = [](uint64_t V) { return int64_t(V); };
    for (unsigned A = 0; A < Own; ++A)
      for (unsigned B = 0; B < Own; ++B) {
        if (A == B)
          continue;
        const PoolNumber X = Pool[A], Y = Pool[B];
        auto Add = [&](const char *Sign, int64_t V) {
          addNumber(X.Text + " " + Sign + " " + Y.Text, V);
        };
        if (A < B) {
          Add("+", Wrap(uint64_t(X.Value) + uint64_t(Y.Value)));
          Add("&", X.Value & Y.Value);
          Add("|", X.Value | Y.Value);
          Add("^", X.Value ^ Y.Value);
        }
        Add("-", Wrap(uint64_t(X.Value) - uint64_t(Y.Value)));
        if (Y.Value >= 0 && Y.Value < 32) {
          Add("<<", Wrap(uint64_t(X.Value) << Y.Value));
          Add(">>", X.Value >> Y.Value);
        }
      }
    for (unsigned A = 0; A < Own; ++A) {
      const PoolNumber X = Pool[A];
      addNumber("-" + X.Text, Wrap(-uint64_t(X.Value)));
      addNumber("~" + X.Text, ~X.Value);
      addNumber(X.Text + " + 1", Wrap(uint64_t(X.Value) + 1));
      addNumber(X.Text + " - 1", Wrap(uint64_t(X.Value) - 1));
      addNumber("64 - " + X.Text, Wrap(64 - uint64_t(X.Value)));
    }
    for (int64_t V : {0, 1, -1, 8, 16, 32, 48, 56, 255, 65535})
      addNumber(std::to_string(V), V);
  }

  void addInsts() {
    std::set<isa::Op> Used;
    std::set<std::pair<bool, unsigned>> Stores;
    unsigned Known = 0;
    for (const WindowInst &I : W.Insts) {
      const ruletext::Row &Row = ruletext::row(I.Op);
      Used.insert(I.Op);
      if (Row.readsDst() && !(Known >> I.Dst & 1))
        Exposed |= 1u << I.Dst;
      if (I.Src != NoRegister && !(Known >> I.Src & 1))
        Exposed |= 1u << I.Src;
      if (Row.writesDst())
        Known |= 1u << I.Dst;
      Jumps |= Row.isJump();
      if (Row.isStore())
        StoreBits.insert(isa::meaning(I.Op).Bits);
    }
    Written = Known;
    for (const ruletext::Row &Row : ruletext::Rows)
      if (Row.isPlain() && wants(Row, Used))
        addForms(Row, Used.count(Row.Op));
  }

  bool wants(const ruletext::Row &Row, const std::set<isa::Op> &Used) const {
    if (Used.count(Row.Op))
      return true;
    if (Row.isJump())
      return Jumps && Row.Op != isa::Op::JA;
    if (Row.isLoad())
      return false;
    const isa::Meaning &M = isa::meaning(Row.Op);
    if (Row.isStore())
      return StoreBits.count(M.Bits);
    switch (M.What) {
    case Sem::ADD:
    case Sem::AND:
    case Sem::OR:
    case Sem::XOR:
    case Sem::MOV:
    case Sem::MOVSX:
    case Sem::NEG:
      return true;
    case Sem::SUB:
      return Row.takesSrc();
    case Sem::LSH:
    case Sem::RSH:
    case Sem::ARSH:
      return !Row.takesSrc();
    default:
      return false;
    }
  }

  /// \p Row with all registers and numbers that make sense.
  void addForms(const ruletext::Row &Row, bool IsUsed) {
    const bool Memory = Row.isLoad() || Row.isStore();
    const isa::Meaning &M = isa::meaning(Row.Op);
    const unsigned All = Exposed | Written;
    const bool HasSrc = Row.takesSrc() || Row.Form == isa::Form::Load ||
                        Row.Form == isa::Form::StoreR;
    const bool HasImm = Row.Form == isa::Form::RI ||
                        Row.Form == isa::Form::JmpRI ||
                        Row.Form == isa::Form::StoreI;
    for (RuleReg Dst = 0; Dst <= FrameRegister; ++Dst) {
      if (!((Row.writesDst() ? Written : All) >> Dst & 1))
        continue;
      for (RuleReg Src = 0; Src <= FrameRegister; ++Src) {
        if (HasSrc ? !(All >> Src & 1) : Src != 0)
          continue;
        WindowInst I;
        I.Op = Row.Op;
        I.Dst = Dst;
        I.Src = HasSrc ? Src : NoRegister;
        if (M.What == Sem::MOV && M.Is64 && I.Dst == I.Src)
          continue;
        for (uint8_t Imm = 0; Imm < (HasImm ? Pool.size() : 1); ++Imm) {
          I.Imm = HasImm ? Imm : WindowInst::NoNumber;
          if (HasImm && !llvm::isInt<32>(Pool[Imm].Value))
            continue;
          for (uint8_t Off = 0; Off < (Memory ? Pool.size() : 1); ++Off) {
            I.Off = Memory ? Off : WindowInst::NoNumber;
            if (Memory && !llvm::isInt<16>(Pool[Off].Value))
              continue;
            bool IsOwn = (!HasImm || Imm < Example.size()) &&
                         (!Memory || Off < Example.size());
            Insts.push_back(I);
            IsSmall.push_back(IsOwn && (IsUsed || M.What == Sem::MOV));
          }
        }
      }
    }
  }

  void step(Computation<Concrete> &M, const WindowInst &I) const {
    RuleInst P;
    P.Op = I.Op;
    P.Dst = I.Dst;
    P.Src = I.Src;
    M.step(P, I.Imm == WindowInst::NoNumber ? 0 : uint64_t(Pool[I.Imm].Value),
           I.Off == WindowInst::NoNumber ? 0 : uint64_t(Pool[I.Off].Value));
  }

  void addStates() {
    constexpr unsigned NumStates = 40;
    Random Numbers(3);
    for (unsigned N = 0; N < NumStates; ++N) {
      Computation<Concrete> Start{Dom, {}, {}, {}};
      for (uint64_t &R : Start.Regs)
        R = N < 2 ? Numbers.next() : Numbers.value();
      Start.Memory.Seed = Numbers.next();
      Computation<Concrete> End = Start;
      for (const WindowInst &I : W.Insts)
        step(End, I);
      States.push_back({Start, End});
    }
  }

  bool agrees(const Computation<Concrete> &M,
              const Computation<Concrete> &End) const {
    for (unsigned R = 0; R < MaxRuleRegs; ++R)
      if ((Written & ~W.Dead) >> R & 1 && M.Regs[R] != End.Regs[R])
        return false;
    return M.Jumps == End.Jumps && M.Memory == End.Memory;
  }

  void check() {
    for (const State &S : States) {
      Computation<Concrete> M = S.Start;
      for (const WindowInst &I : Chosen)
        step(M, I);
      if (!agrees(M, S.End))
        return;
    }
    Candidates.push_back(Chosen);
  }

  void extend(unsigned Left, const Computation<Concrete> &M, unsigned Known) {
    if (Left == 0) {
      if (agrees(M, States[0].End))
        check();
      return;
    }
    for (size_t N = 0; N < Insts.size(); ++N) {
      const WindowInst &I = Insts[N];
      const ruletext::Row &Row = ruletext::row(I.Op);
      if ((Small && !IsSmall[N]) || (Row.isJump() && Left != 1) ||
          (Left == 1 && Jumps && !Row.isJump()) ||
          (Row.readsDst() && !(Known >> I.Dst & 1)) ||
          (I.Src != NoRegister && !(Known >> I.Src & 1)))
        continue;
      Computation<Concrete> Next = M;
      step(Next, I);
      Chosen.push_back(I);
      extend(Left - 1, Next, Row.writesDst() ? Known | 1u << I.Dst : Known);
      Chosen.pop_back();
      if (Candidates.size() >= MaxCandidates)
        return;
    }
  }

  const Window &W;
  llvm::ArrayRef<int64_t> Example;
  Concrete Dom;
  std::vector<PoolNumber> Pool;
  std::vector<WindowInst> Insts; ///< what candidates are made of
  std::vector<bool> IsSmall;     ///< by instruction: tried in long candidates
  bool Small = false;
  std::set<unsigned> StoreBits;
  unsigned Exposed = 0, Written = 0; ///< registers of the window, bit masks
  bool Jumps = false;
  std::vector<State> States;
  std::vector<WindowInst> Chosen;
  std::vector<std::vector<WindowInst>> Candidates;
};

unsigned slots(llvm::ArrayRef<WindowInst> Insts) {
  unsigned Slots = 0;
  for (const WindowInst &I : Insts)
    Slots += isa::slots(I.Op);
  return Slots;
}

/// Window \p W without its first, or its last, instruction.
Window part(const Window &W, bool WithoutFirst) {
  Window P;
  std::vector<RuleReg> Regs;
  std::vector<uint8_t> Numbers;
  unsigned Live = 0;
  for (unsigned R = 0; R < MaxRuleRegs; ++R)
    Live |= unsigned(!(W.Dead >> R & 1)) << R;
  const WindowInst &Last = W.Insts.back();
  if (!WithoutFirst) {
    const ruletext::Row &Row = ruletext::row(Last.Op);
    if (Row.writesDst())
      Live &= ~(1u << Last.Dst);
    if (Row.readsDst())
      Live |= 1u << Last.Dst;
    if (Last.Src != NoRegister)
      Live |= 1u << Last.Src;
  }
  auto Rename = [](auto &List, uint8_t &Name, uint8_t None) {
    if (Name == None || Name == FrameRegister)
      return;
    auto Found = llvm::find(List, Name);
    if (Found == List.end())
      Found = List.insert(Found, Name);
    Name = static_cast<uint8_t>(Found - List.begin());
  };
  auto Insts = llvm::ArrayRef(W.Insts);
  for (WindowInst I : WithoutFirst ? Insts.drop_front() : Insts.drop_back()) {
    Rename(Regs, I.Dst, NoRegister);
    Rename(Regs, I.Src, NoRegister);
    Rename(Numbers, I.Imm, WindowInst::NoNumber);
    Rename(Numbers, I.Off, WindowInst::NoNumber);
    P.Insts.push_back(I);
  }
  for (size_t R = 0; R < Regs.size(); ++R)
    if (!(Live >> Regs[R] & 1))
      P.Dead |= static_cast<uint8_t>(1u << R);
  return P;
}

} // namespace

std::optional<FoundRule> findRule(const Window &W, const Sighting &S) {
  Searcher Search(W, S.Examples[0]);
  const std::vector<std::string> Numbers = Search.texts();
  for (unsigned Length = 0; Length < slots(W.Insts); ++Length)
    for (const std::vector<WindowInst> &After : Search.run(Length))
      if (slots(After) < slots(W.Insts))
        if (auto Found = generalise(W, S, After, Numbers))
          return Found;
  return std::nullopt;
}

std::vector<FoundRule> findRules(const Windows &All, unsigned Least) {
  std::vector<const Windows::value_type *> Order;
  for (const auto &Entry : All)
    if (Entry.second.Count >= Least)
      Order.push_back(&Entry);
  llvm::stable_sort(Order, [](const auto *A, const auto *B) {
    return A->first.Insts.size() < B->first.Insts.size();
  });
  std::set<Window> Shortened;
  std::map<std::string, FoundRule> Found;
  for (const auto *Entry : Order) {
    const auto &[W, S] = *Entry;
    if (W.Insts.size() > 2 &&
        (Shortened.count(part(W, true)) || Shortened.count(part(W, false)))) {
      Shortened.insert(W);
      continue;
    }
    std::optional<FoundRule> F = findRule(W, S);
    if (!F)
      continue;
    Shortened.insert(W);
    FoundRule &Row = Found[F->Before + "|" + F->After + "|" + F->Condition];
    F->Count += Row.Count;
    Row = std::move(*F);
  }
  std::vector<FoundRule> Rows;
  for (auto &[Key, Row] : Found)
    Rows.push_back(std::move(Row));
  llvm::stable_sort(Rows, [](const FoundRule &A, const FoundRule &B) {
    return A.Count > B.Count;
  });
  return Rows;
}

} // namespace bpfcc::superopt
