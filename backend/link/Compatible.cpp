// Do the declarations of one name agree?
//
//   a.c:  extern int level;         b.c:  long level;      no: 4 and 8 bytes
//   a.c:  extern struct flow *f;    b.c:  struct flow *f;  yes, by its name
//
// The rules are those of libbpf's linker, so that what links with one links
// with the other: the shape of a type counts, structures are compared by their
// members where they are not behind a pointer. Maps are compared member by
// member, since a map's declaration is its description.

#include "backend/link/Compatible.h"

#include "backend/btf/BtfText.h"

#include "llvm/ADT/DenseSet.h"

namespace bpfcc::link {

using namespace llvm;
using namespace btf;

namespace {

class Comparison {
public:
  explicit Comparison(const BtfFile &Btf) : Btf(Btf) {}

  /// \p Whole: structures are compared by their members too.
  std::string differ(uint32_t X, uint32_t Y, bool Whole) {
    X = Btf.strip(X);
    Y = Btf.strip(Y);
    // Each pair is compared once: types share parts.
    if (!Seen[Whole].insert({X, Y}).second)
      return "";
    const BtfFile::Type &S = Btf.type(X), &T = Btf.type(Y);
    if (isForwardOf(S, T) || isForwardOf(T, S))
      return "";
    if (S.K != T.K && !(isEnum(S) && isEnum(T)))
      return say(X, Y);
    switch (S.K) {
    case KindInt:
    case KindFloat:
      return S.Size == T.Size ? "" : say(X, Y);
    case KindEnum:
    case KindEnum64:
      return S.Size == T.Size && S.Name == T.Name ? "" : say(X, Y);
    case KindFwd:
      return S.Name == T.Name ? "" : say(X, Y);
    case KindPtr:
      return differ(S.Target, T.Target, false);
    case KindArray:
      return differ(S.Target, T.Target, Whole);
    case KindStruct:
    case KindUnion:
      return records(X, Y, Whole);
    case KindFuncProto:
      return prototypes(X, Y, Whole);
    default:
      return "";
    }
  }

private:
  static bool isEnum(const BtfFile::Type &T) {
    return T.K == KindEnum || T.K == KindEnum64;
  }
  static bool isForwardOf(const BtfFile::Type &F, const BtfFile::Type &T) {
    return F.K == KindFwd && T.K == (F.Flag ? KindUnion : KindStruct) &&
           F.Name == T.Name;
  }

  std::string say(uint32_t X, uint32_t Y) const {
    std::string First = spell(X), Second = spell(Y);
    if (First == Second)
      return "`" + First + "` has " + std::to_string(Btf.sizeOf(X)) +
             " bytes here and " + std::to_string(Btf.sizeOf(Y)) + " there";
    return "`" + First + "` here, `" + Second + "` there";
  }
  std::string spell(uint32_t Id) const {
    return Id ? declareType(Btf, Id) : "void";
  }

  std::string records(uint32_t X, uint32_t Y, bool Whole) {
    const BtfFile::Type &S = Btf.type(X), &T = Btf.type(Y);
    if (S.Name != T.Name)
      return say(X, Y);
    if (!Whole)
      return "";
    if (S.Size != T.Size)
      return say(X, Y);
    std::string Which = "`" + spell(X) + "` has ";
    if (S.Members.size() != T.Members.size())
      return Which + std::to_string(S.Members.size()) + " members here and " +
             std::to_string(T.Members.size()) + " there";
    for (size_t N = 0; N != S.Members.size(); ++N) {
      const BtfFile::Member &M = S.Members[N], &O = T.Members[N];
      if (M.Name != O.Name || M.Offset != O.Offset || M.Size != O.Size)
        return Which + "`" + M.Name.str() + "` where it has `" + O.Name.str() +
               "` there";
      if (std::string D = differ(M.Type, O.Type, true); !D.empty())
        return "member `" + M.Name.str() + "`: " + D;
    }
    return "";
  }

  std::string prototypes(uint32_t X, uint32_t Y, bool Whole) {
    const BtfFile::Type &S = Btf.type(X), &T = Btf.type(Y);
    if (S.Members.size() != T.Members.size())
      return std::to_string(S.Members.size()) + " arguments here, " +
             std::to_string(T.Members.size()) + " there";
    if (std::string D = differ(S.Target, T.Target, Whole); !D.empty())
      return "result: " + D;
    for (size_t N = 0; N != S.Members.size(); ++N)
      if (std::string D = differ(S.Members[N].Type, T.Members[N].Type, Whole);
          !D.empty())
        return "argument " + std::to_string(N + 1) + ": " + D;
    return "";
  }

  const BtfFile &Btf;
  DenseSet<std::pair<uint32_t, uint32_t>> Seen[2]; ///< by Whole
};

/// The members of a map's structure by name, so that their order is free.
class MapComparison {
public:
  explicit MapComparison(const BtfFile &Btf) : Btf(Btf) {}

  std::string differ(uint32_t X, uint32_t Y, bool IsInner = false) const {
    const BtfFile::Type &S = Btf.type(Btf.strip(X)),
                        &T = Btf.type(Btf.strip(Y));
    DenseMap<StringRef, const BtfFile::Member *> There;
    for (const BtfFile::Member &M : T.Members)
      There[M.Name] = &M;
    for (const BtfFile::Member &M : S.Members) {
      const BtfFile::Member *O = There.lookup(M.Name);
      if (!O)
        return "`" + M.Name.str() + "` is here and not there";
      There.erase(M.Name);
      if (std::string D = member(M, *O, IsInner); !D.empty())
        return D;
    }
    for (const BtfFile::Member &M : T.Members)
      if (There.contains(M.Name))
        return "`" + M.Name.str() + "` is there and not here";
    return "";
  }

private:
  std::string member(const BtfFile::Member &M, const BtfFile::Member &O,
                     bool IsInner) const {
    std::string Name = "`" + M.Name.str() + "` ";
    const BtfFile::Type &S = Btf.type(Btf.strip(M.Type));
    const BtfFile::Type &T = Btf.type(Btf.strip(O.Type));
    uint32_t To = Btf.strip(S.Target), There = Btf.strip(T.Target);
    if (M.Name == "values") { // an array of pointers to the inner map
      const BtfFile::Type &Inner = Btf.type(To), &Other = Btf.type(There);
      // The kernel knows maps in maps, and none in those.
      if (IsInner || Btf.type(Btf.strip(Inner.Target)).K != KindStruct)
        return Comparison(Btf).differ(M.Type, O.Type, true);
      std::string D = differ(Inner.Target, Other.Target, /*IsInner=*/true);
      return D.empty() ? D : Name + "differ: " + D;
    }
    // A number is the length of an array behind a pointer.
    bool IsType = M.Name == "key" || M.Name == "value";
    if (!IsType && S.K == KindPtr && T.K == KindPtr &&
        Btf.type(To).K == KindArray && Btf.type(There).K == KindArray) {
      uint32_t First = Btf.type(To).Size, Second = Btf.type(There).Size;
      return First == Second
                 ? ""
                 : Name + "is " + std::to_string(First) + " here and " +
                       std::to_string(Second) + " there";
    }
    if (S.K != KindPtr || T.K != KindPtr)
      return "";
    std::string D = Comparison(Btf).differ(S.Target, T.Target, true);
    if (D.empty() && Btf.type(To).K == Btf.type(There).K &&
        Btf.sizeOf(S.Target) != Btf.sizeOf(T.Target))
      D = "it has " + std::to_string(Btf.sizeOf(S.Target)) +
          " bytes here and " + std::to_string(Btf.sizeOf(T.Target)) + " there";
    return D.empty() ? D : Name + "differs: " + D;
  }

  const BtfFile &Btf;
};

} // namespace

static bool isMap(const Input &In, const Symbol &S) {
  return S.Section >= 0 && In.Sections[uint32_t(S.Section)].How == Use::Maps;
}

/// How the type of \p A, a variable or function of \p In, differs from that of
/// \p B, one of \p With; empty if they agree.
static std::string difference(const Input &In, const BtfFile::Type &A,
                              const Input &With, const BtfFile::Type &B,
                              bool IsMap, const BtfFile &Btf) {
  if (A.K != B.K) {
    auto Is = [](const BtfFile::Type &T) {
      return T.K == KindFunc ? std::string("a function") : "a variable";
    };
    return Is(A) + " here, " + Is(B) + " there";
  }
  uint32_t Here = In.Types.Numbers[A.Target];
  uint32_t There = With.Types.Numbers[B.Target];
  if (Here == There)
    return "";
  return IsMap ? MapComparison(Btf).differ(Here, There)
               : Comparison(Btf).differ(Here, There, true);
}

/// Compares what \p In says of symbol \p Number with what \p With says of its
/// symbol \p Other.
static Error compare(const Input &In, uint32_t Number, const Input &With,
                     uint32_t Other, const BtfFile &Btf) {
  const Symbol &S = In.Obj.Symbols[Number], &O = With.Obj.Symbols[Other];
  Described Here = In.describe(S.Name), There = With.describe(S.Name);
  if (!Here.Type || !There.Type)
    return Error::success();
  bool IsMap =
      isMap(With, O) && Here.Type->K == KindVar && There.Type->K == KindVar;
  std::string Difference =
      difference(In, *Here.Type, With, *There.Type, IsMap, Btf);
  if (Difference.empty() && S.Section < 0 && O.Section < 0 &&
      Here.Section != There.Section)
    Difference = "one is of the kernel (`__ksym`, `__kconfig`), or each in "
                 "another way";
  if (Difference.empty())
    return Error::success();
  DiagCode Code = IsMap ? DiagCode::MapMismatch : DiagCode::TypeMismatch;
  return withOther(diagError(Code, placeOf(In, Number), S.Name, Difference),
                   With, Other);
}

Error checkDeclarations(const std::vector<Input> &Inputs,
                        const SymbolTable &Table, const BtfFile &Btf) {
  Error Errors = Error::success();
  for (uint32_t N = 0; N != Inputs.size(); ++N) {
    const Input &In = Inputs[N];
    for (uint32_t S = 0; S != In.Global.size(); ++S) {
      if (In.Global[S] == None)
        continue;
      const GlobalSymbol &G = Table.Globals[In.Global[S]];
      SymbolRef With = G.Definition ? G.Definition : G.FirstMention;
      if (With.Input == N)
        continue;
      Errors = joinErrors(std::move(Errors),
                          compare(In, S, Inputs[With.Input], With.Symbol, Btf));
    }
  }
  return Errors;
}

} // namespace bpfcc::link
