// Types refer to each other freely; two walks through them must end:
//
//   spelling   const -> array -> int        stops at structures, which have
//              prototype -> its arguments   names
//   layout     struct -> its members        stops at pointers
//
// `struct list { struct list *next; }` is no cycle in either.

#include "backend/btf/BtfCheck.h"

#include "support/Diagnostic.h"

namespace bpfcc::btf {

using namespace llvm;

constexpr uint32_t MaxDepth = 128; ///< the kernel allows 32

Error badBtf(const Twine &What) {
  return diagError(DiagCode::BadObject, {}, What.str());
}

static StringRef kindName(Kind K) {
  static constexpr const char *Names[] = {
#define BTF_KIND(Name, Number, Text) Text,
#include "backend/btf/kinds.def"
  };
  return Names[K];
}

namespace {

enum class Walk { Spelling, Layout };

class Checker {
public:
  explicit Checker(const BtfFile &B) : B(B) {}

  Error references(uint32_t Id) const;
  Error walk(Walk W) const;

private:
  Error reference(uint32_t From, uint32_t To) const {
    return isValue(To) ? Error::success() : badReference(From, To);
  }
  Error badReference(uint32_t From, uint32_t To) const;
  bool isValue(uint32_t To) const {
    constexpr uint32_t Others =
        1u << KindFunc | 1u << KindVar | 1u << KindDatasec | 1u << KindDeclTag;
    return To < B.Types.size() && !(Others >> B.Types[To].K & 1);
  }

  /// The \p N-th type that \p Id leads to, NoMore after the last.
  static constexpr int64_t NoMore = -1;
  int64_t next(uint32_t Id, size_t N, Walk W) const {
    const BtfFile::Type &T = B.Types[Id];
    switch (T.K) {
    case KindPtr:
    case KindFunc:
      return W == Walk::Spelling && N == 0 ? T.Target : NoMore;
    case KindArray:
    case KindTypedef:
    case KindVolatile:
    case KindConst:
    case KindRestrict:
    case KindVar:
    case KindTypeTag:
      return N == 0 ? T.Target : NoMore;
    case KindFuncProto:
      if (W == Walk::Layout || N > T.Members.size())
        return NoMore;
      return N == 0 ? T.Target : T.Members[N - 1].Type;
    case KindStruct:
    case KindUnion:
      return W == Walk::Layout && N < T.Members.size() ? T.Members[N].Type
                                                       : NoMore;
    default:
      return NoMore;
    }
  }

  const BtfFile &B;
};

} // namespace

/// \p To must be there and be the type of a value.
Error Checker::badReference(uint32_t From, uint32_t To) const {
  if (To >= B.Types.size())
    return badBtf(".BTF: type " + Twine(From) + " refers to type " + Twine(To) +
                  ", the last is " + Twine(B.Types.size() - 1));
  return badBtf(".BTF: type " + Twine(From) + " refers to type " + Twine(To) +
                " as the type of a value; it is a " + kindName(B.Types[To].K));
}

Error Checker::references(uint32_t Id) const {
  const BtfFile::Type &T = B.Types[Id];
  auto Exists = [&](uint32_t To) { return To < B.Types.size(); };
  switch (T.K) {
  case KindFunc:
    if (!Exists(T.Target) || B.Types[T.Target].K != KindFuncProto)
      return badBtf(".BTF: function `" + T.Name + "` (type " + Twine(Id) +
                    ") has no prototype");
    return Error::success();
  case KindDeclTag:
    if (!Exists(T.Target))
      return badBtf(".BTF: decl_tag " + Twine(Id) + " refers to type " +
                    Twine(T.Target) + ", which is not there");
    return Error::success();
  case KindDatasec:
    for (const BtfFile::Member &M : T.Members)
      if (!Exists(M.Type) ||
          (B.Types[M.Type].K != KindVar && B.Types[M.Type].K != KindFunc))
        return badBtf(".BTF: section `" + T.Name + "` holds type " +
                      Twine(M.Type) + ", which is no variable");
    return Error::success();
  case KindStruct:
  case KindUnion:
    for (const BtfFile::Member &M : T.Members)
      if (M.Offset + M.Size > uint64_t(T.Size) * 8)
        return badBtf(".BTF: member `" + M.Name + "` of type " + Twine(Id) +
                      " lies beyond its " + Twine(T.Size) + " bytes");
    [[fallthrough]];
  case KindFuncProto:
    for (const BtfFile::Member &M : T.Members)
      if (Error E = reference(Id, M.Type))
        return E;
    break;
  case KindArray:
    if (Error E = reference(Id, T.Index))
      return E;
    break;
  default:
    break;
  }
  return reference(Id, T.Target);
}

/// Depth first, without recursion: the depth of each type is 1 more than that
/// of the deepest that it leads to.
Error Checker::walk(Walk W) const {
  constexpr uint32_t Unknown = 0, Open = ~0u;
  std::vector<uint32_t> Depth(B.Types.size(), Unknown);
  struct Step {
    uint32_t Id;
    size_t Next;
    uint32_t Deepest;
  };
  std::vector<Step> Path;
  for (uint32_t Start = 0; Start < B.Types.size(); ++Start) {
    if (Depth[Start] != Unknown)
      continue;
    Depth[Start] = Open;
    Path.push_back({Start, 0, 0});
    while (!Path.empty()) {
      Step &S = Path.back();
      int64_t To = next(S.Id, S.Next++, W);
      if (To == NoMore) {
        uint32_t Mine = Depth[S.Id] = S.Deepest + 1;
        if (Mine > MaxDepth)
          return badBtf(".BTF: type " + Twine(S.Id) +
                        " is nested deeper than " + Twine(MaxDepth));
        Path.pop_back();
        if (!Path.empty())
          Path.back().Deepest = std::max(Path.back().Deepest, Mine);
      } else if (Depth[To] == Open) {
        return badBtf(".BTF: type " + Twine(To) + " contains itself");
      } else if (Depth[To] != Unknown) {
        S.Deepest = std::max(S.Deepest, Depth[To]);
      } else {
        Depth[To] = Open;
        Path.push_back({uint32_t(To), 0, 0});
      }
    }
  }
  return Error::success();
}

Error checkReferences(const BtfFile &B) {
  Checker C(B);
  for (uint32_t Id = 1; Id < B.Types.size(); ++Id)
    if (Error E = C.references(Id))
      return E;
  return Error::success();
}

Error checkNesting(const BtfFile &B) {
  Checker C(B);
  if (Error E = C.walk(Walk::Spelling))
    return E;
  return C.walk(Walk::Layout);
}

} // namespace bpfcc::btf
