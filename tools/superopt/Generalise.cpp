// A row from one example.
//
// needs: a window, numbers it was seen with, code that does the same with them
// gives: the row for the most numbers that can be proved
//
//   ra <<= K; ra s>>= K  and  ra = (s32)ra,  seen with K = 32
//   ->  "ra <<= 32; ra s>>= 32", "ra = (s32)ra"
//
// First for all numbers, then under a condition on them, then for one of the
// numbers as it was seen, at last for all as seen.

#include "tools/superopt/Search.h"

#include "tools/superopt/Concrete.h"
#include "tools/superopt/Prover.h"

#include "llvm/ADT/StringExtras.h"

namespace bpfcc::superopt {

namespace {

std::string joined(llvm::ArrayRef<WindowInst> Insts,
                   llvm::ArrayRef<std::string> Numbers) {
  std::vector<std::string> Texts;
  for (const WindowInst &I : Insts)
    Texts.push_back(text(I, Numbers));
  return llvm::join(Texts, "; ");
}

unsigned firstCpu(llvm::ArrayRef<WindowInst> Insts) {
  unsigned Cpu = 1;
  for (const WindowInst &I : Insts) {
    Cpu = std::max<unsigned>(Cpu, ruletext::row(I.Op).Cpu);
    // Stores of constants are for kernels that know them (docs/rules.md).
    if (isa::form(I.Op) == isa::Form::StoreI)
      Cpu = std::max(Cpu, 4u);
  }
  return Cpu;
}

class Generaliser {
public:
  Generaliser(const Window &W, const Sighting &S,
              llvm::ArrayRef<WindowInst> After,
              llvm::ArrayRef<std::string> Numbers)
      : W(W), S(S), After(After), Numbers(Numbers),
        NumOwn(S.Examples[0].size()) {
    Cpu = firstCpu(After);
  }

  std::optional<FoundRule> run() {
    const uint8_t Dead = leastDead();
    if (tryRow({}, "", Dead))
      return Found;
    for (const std::string &Condition : conditions())
      if (tryRow({}, Condition, Dead))
        return Found;
    // The numbers seen, as few of them as will do.
    for (unsigned Pinned = 1; Pinned < 1u << NumOwn; ++Pinned)
      if (llvm::popcount(Pinned) == 1 && tryRow(Pinned, "", Dead))
        return Found;
    if (tryRow((1u << NumOwn) - 1, "", Dead))
      return Found;
    return std::nullopt;
  }

private:
  std::string condition(uint8_t Dead, const std::string &Numeric) const {
    std::vector<std::string> Parts;
    for (unsigned R = 0; R < MaxRuleRegs; ++R)
      if (Dead >> R & 1)
        Parts.push_back(std::string("dead(") + char('a' + R) + ")");
    if (!Numeric.empty())
      Parts.push_back(Numeric);
    return llvm::join(Parts, ", ");
  }

  /// The registers that have to be dead, for the numbers seen first.
  uint8_t leastDead() const {
    uint8_t Dead = W.Dead;
    for (unsigned R = 0; R < MaxRuleRegs; ++R) {
      const uint8_t Less = static_cast<uint8_t>(Dead & ~(1u << R));
      if (Less == Dead)
        continue;
      FoundRule Row = row((1u << NumOwn) - 1, "", Less);
      Rule Tried = read(Row);
      if (!Tried.Error && !isRefuted(Tried, 400))
        Dead = Less;
    }
    return Dead;
  }

  std::vector<std::string> conditions() const {
    std::vector<std::string> All;
    auto Name = [](unsigned N) { return std::string(1, numberLetter(N)); };
    for (unsigned A = 0; A < NumOwn; ++A) {
      All.push_back("0 <= " + Name(A));
      All.push_back("0 <= " + Name(A) + " && " + Name(A) + " < 32");
      All.push_back(Name(A) + " != 0");
      for (unsigned B = 0; B < NumOwn; ++B) {
        if (A == B)
          continue;
        const std::string X = Name(A), Y = Name(B);
        if (A < B) {
          All.push_back("(" + X + " & " + Y + ") == 0");
          All.push_back("0 <= " + X + " && 0 <= " + Y);
        }
        All.push_back("(" + X + " & ~" + Y + ") == 0");
        All.push_back("u32(" + X + " & ~" + Y + ") == 0");
        All.push_back(X + " < " + Y);
        All.push_back(X + " <= " + Y);
        All.push_back("0 <= " + X + " && " + X + " <= " + Y);
      }
    }
    return All;
  }

  FoundRule row(unsigned Pinned, const std::string &Numeric,
                uint8_t Dead) const {
    std::vector<std::string> Own, All;
    for (unsigned N = 0; N < NumOwn; ++N)
      Own.push_back(Pinned >> N & 1 ? std::to_string(S.Examples[0][N])
                                    : std::string(1, numberLetter(N)));
    for (const std::string &Text : Numbers) {
      std::string Replaced;
      for (char C : Text) {
        size_t N = 0;
        while (N < NumOwn && numberLetter(unsigned(N)) != C)
          ++N;
        if (N < NumOwn && Text.size() > 1 && Own[N][0] == '-')
          Replaced += "(" + Own[N] + ")";
        else
          Replaced += N < NumOwn ? Own[N] : std::string(1, C);
      }
      All.push_back(std::move(Replaced));
    }
    return {joined(W.Insts, Own), joined(After, All), condition(Dead, Numeric),
            Cpu, S.Count};
  }

  static Rule read(const FoundRule &F) {
    return readRule("", F.Before, F.After, F.Condition, F.Cpu);
  }

  bool tryRow(unsigned Pinned, const std::string &Numeric, uint8_t Dead) {
    FoundRule Row = row(Pinned, Numeric, Dead);
    const Rule Tried = read(Row);
    constexpr unsigned Tries = 3000, Milliseconds = 20000;
    if (Tried.Error || isRefuted(Tried, Tries) ||
        prove(Tried, Milliseconds).V != Proof::Proved)
      return false;
    Found = std::move(Row);
    return true;
  }

  const Window &W;
  const Sighting &S;
  llvm::ArrayRef<WindowInst> After;
  llvm::ArrayRef<std::string> Numbers;
  unsigned NumOwn, Cpu;
  FoundRule Found;
};

} // namespace

std::optional<FoundRule> generalise(const Window &W, const Sighting &S,
                                    llvm::ArrayRef<WindowInst> After,
                                    llvm::ArrayRef<std::string> Numbers) {
  return Generaliser(W, S, After, Numbers).run();
}

} // namespace bpfcc::superopt
