// CO-RE: which field, type or enumerator of the kernel is meant.
//
//   0:2:1     of struct s: s[0], its third member, the second member of that
//
// In the object the numbers count members; in the kernel the same names are
// looked for, and members without names are passed through. Fields agree if
// both are numbers, pointers, arrays of such, or records; how large they are
// is not compared.

#include "runtime/load/CoreMatch.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace bpfcc {

using namespace btf;

namespace {

constexpr unsigned MaxDepth = 32;
/// Types compared for one relocation. Made-up types, each with two of the one
/// before, would take for ever.
constexpr unsigned MaxTypes = 1 << 16;

bool isRecord(Kind K) { return K == KindStruct || K == KindUnion; }
bool isEnum(Kind K) { return K == KindEnum || K == KindEnum64; }
bool sameKind(Kind A, Kind B) { return A == B || (isEnum(A) && isEnum(B)); }

/// One step to a field: a named member, or an element of an array.
struct Step {
  uint32_t Type = 0; ///< the record of the member; of an element its type
  uint32_t Index = 0;
  bool IsMember = false;
};

/// A field, by the steps that lead to it.
struct Spec {
  std::vector<Step> Steps;
  uint64_t BitOffset = 0;
};

class Matcher {
public:
  Matcher(const BtfFile &Local, const BtfFile::CoreRelo &R,
          const KernelTypes &Kernel)
      : Local(Local), R(R), Kernel(Kernel), Types(Kernel.btf()) {}

  CoreAnswer run();

private:
  bool readAccess();
  bool localField();
  bool find(uint32_t Candidate, Spec &S) const;
  bool findMember(const BtfFile::Member &Wanted, uint32_t Id, Spec &S,
                  uint32_t &Next, unsigned Depth) const;
  bool fieldsAgree(uint32_t LocalId, uint32_t KernelId) const;
  bool typesAgree(uint32_t LocalId, uint32_t KernelId, unsigned Depth) const;
  bool typesMatch(uint32_t LocalId, uint32_t KernelId, unsigned Depth) const;
  bool membersMatch(const BtfFile::Type &L, const BtfFile::Type &K,
                    unsigned Depth) const;
  const BtfFile::Member *enumerator(uint32_t Candidate) const;
  CoreAnswer ofField(const BtfFile &In, const Spec &S) const;
  std::optional<CoreAnswer> ofCandidate(uint32_t Candidate) const;
  CoreAnswer missing() const;
  std::string described() const;

  const BtfFile &Local;
  const BtfFile::CoreRelo &R;
  const KernelTypes &Kernel;
  const BtfFile &Types;
  std::vector<uint32_t> Access;
  Spec Mine;
  mutable unsigned Compared = 0;
};

} // namespace

static bool isFieldKind(CoreRelo K) { return K <= CoreRelo::FieldRightShift; }

bool Matcher::readAccess() {
  SmallVector<StringRef, 8> Parts;
  R.Access.split(Parts, ':');
  for (StringRef Part : Parts) {
    uint32_t N;
    if (Part.getAsInteger(10, N))
      return false;
    Access.push_back(N);
  }
  return !Access.empty();
}

/// The steps in the object, from its numbers.
bool Matcher::localField() {
  uint32_t Id = Local.strip(R.Type);
  Mine.Steps.push_back({Id, Access[0], false});
  Mine.BitOffset = uint64_t(Access[0]) * Local.sizeOf(Id) * 8;
  for (uint32_t N : ArrayRef(Access).drop_front()) {
    Id = Local.strip(Id);
    const BtfFile::Type &T = Local.type(Id);
    if (isRecord(T.K)) {
      if (N >= T.Members.size())
        return false;
      const BtfFile::Member &M = T.Members[N];
      Mine.BitOffset += M.Offset;
      if (!M.Name.empty())
        Mine.Steps.push_back({Id, N, true});
      Id = M.Type;
    } else if (T.K == KindArray) {
      Id = Local.strip(T.Target);
      Mine.Steps.push_back({Id, N, false});
      Mine.BitOffset += uint64_t(N) * Local.sizeOf(Id) * 8;
    } else {
      return false;
    }
  }
  return true;
}

bool Matcher::fieldsAgree(uint32_t LocalId, uint32_t KernelId) const {
  for (unsigned Depth = 0; Depth != MaxDepth; ++Depth) {
    const BtfFile::Type &L = Local.type(Local.strip(LocalId));
    const BtfFile::Type &K = Types.type(Types.strip(KernelId));
    if (isRecord(L.K) && isRecord(K.K))
      return true;
    if (!sameKind(L.K, K.K))
      return false;
    switch (L.K) {
    case KindPtr:
    case KindFloat:
    case KindInt:
      return true;
    case KindFwd:
    case KindEnum:
    case KindEnum64: {
      StringRef A = essentialName(L.Name), B = essentialName(K.Name);
      return A.empty() || B.empty() || A == B;
    }
    case KindArray:
      LocalId = L.Target;
      KernelId = K.Target;
      continue;
    default:
      return false;
    }
  }
  return false;
}

/// Looks for \p Wanted in record \p Id; \p Next is its type.
bool Matcher::findMember(const BtfFile::Member &Wanted, uint32_t Id, Spec &S,
                         uint32_t &Next, unsigned Depth) const {
  Id = Types.strip(Id);
  const BtfFile::Type &T = Types.type(Id);
  if (!isRecord(T.K) || Depth == MaxDepth || ++Compared > MaxTypes)
    return false;
  for (uint32_t N = 0; N != T.Members.size(); ++N) {
    const BtfFile::Member &M = T.Members[N];
    if (M.Name.empty()) {
      Spec Inner = S;
      Inner.BitOffset += M.Offset;
      if (!findMember(Wanted, M.Type, Inner, Next, Depth + 1))
        continue;
      S = std::move(Inner);
      return true;
    }
    if (M.Name != Wanted.Name)
      continue;
    if (!fieldsAgree(Wanted.Type, M.Type))
      return false;
    S.BitOffset += M.Offset;
    S.Steps.push_back({Id, N, true});
    Next = M.Type;
    return true;
  }
  return false;
}

/// The steps in the kernel's type \p Candidate.
bool Matcher::find(uint32_t Candidate, Spec &S) const {
  uint32_t Id = Types.strip(Candidate);
  for (size_t N = 0; N != Mine.Steps.size(); ++N) {
    const Step &Step = Mine.Steps[N];
    if (Step.IsMember) {
      const BtfFile::Member &M = Local.type(Step.Type).Members[Step.Index];
      uint32_t Next = 0;
      if (!findMember(M, Id, S, Next, 0))
        return false;
      Id = Next;
      continue;
    }
    Id = Types.strip(Id);
    if (N) {
      const BtfFile::Type &T = Types.type(Id);
      // An array without a size at its record's end has any element.
      if (T.K != KindArray || (T.Size && Step.Index >= T.Size))
        return false;
      Id = Types.strip(T.Target);
    }
    S.Steps.push_back({Id, Step.Index, false});
    S.BitOffset += uint64_t(Step.Index) * Types.sizeOf(Id) * 8;
  }
  return true;
}

/// Whether the types have one shape: what TypeExists and its kin ask.
bool Matcher::typesAgree(uint32_t LocalId, uint32_t KernelId,
                         unsigned Depth) const {
  if (Depth == MaxDepth || ++Compared > MaxTypes)
    return false;
  const BtfFile::Type &L = Local.type(Local.strip(LocalId));
  const BtfFile::Type &K = Types.type(Types.strip(KernelId));
  if (!sameKind(L.K, K.K))
    return false;
  switch (L.K) {
  case KindPtr:
  case KindArray:
    return typesAgree(L.Target, K.Target, Depth + 1);
  case KindFuncProto:
    if (L.Members.size() != K.Members.size())
      return false;
    for (size_t N = 0; N != L.Members.size(); ++N)
      if (!typesAgree(L.Members[N].Type, K.Members[N].Type, Depth + 1))
        return false;
    return typesAgree(L.Target, K.Target, Depth + 1);
  default:
    return true;
  }
}

bool Matcher::membersMatch(const BtfFile::Type &L, const BtfFile::Type &K,
                           unsigned Depth) const {
  return all_of(L.Members, [&](const BtfFile::Member &A) {
    return any_of(K.Members, [&](const BtfFile::Member &B) {
      if (!A.Name.empty() && !B.Name.empty())
        return A.Name == B.Name && typesMatch(A.Type, B.Type, Depth + 1);
      return A.Name.empty() == B.Name.empty() &&
             typesMatch(A.Type, B.Type, Depth + 1);
    });
  });
}

/// Whether all that the object's type has is in the kernel's: TypeMatches.
bool Matcher::typesMatch(uint32_t LocalId, uint32_t KernelId,
                         unsigned Depth) const {
  if (++Compared > MaxTypes)
    return false;
  if (Depth == MaxDepth)
    return true;
  const BtfFile::Type &L = Local.type(Local.strip(LocalId));
  const BtfFile::Type &K = Types.type(Types.strip(KernelId));
  StringRef Name = essentialName(L.Name);
  if (!Name.empty() && Name != essentialName(K.Name))
    return false;
  // Behind a pointer a declaration stands for the record.
  bool Declared = L.K == KindFwd || K.K == KindFwd;
  if (Declared && (L.K == KindFwd || isRecord(L.K)))
    return K.K == KindFwd || isRecord(K.K);
  if (!sameKind(L.K, K.K))
    return false;
  switch (L.K) {
  case KindPtr: {
    const BtfFile::Type &To = Local.type(Local.strip(L.Target));
    // Records behind pointers are compared by their names alone.
    if (isRecord(To.K) && Depth) {
      const BtfFile::Type &There = Types.type(Types.strip(K.Target));
      return essentialName(To.Name) == essentialName(There.Name);
    }
    return typesMatch(L.Target, K.Target, Depth + 1);
  }
  case KindArray:
    return L.Size == K.Size && typesMatch(L.Target, K.Target, Depth + 1);
  case KindInt:
    return L.Size == K.Size &&
           (L.Encoding & IntSigned) == (K.Encoding & IntSigned);
  case KindEnum:
  case KindEnum64:
    return L.Size == K.Size && all_of(L.Members, [&](const auto &A) {
             return any_of(K.Members, [&](const auto &B) {
               return essentialName(A.Name) == essentialName(B.Name);
             });
           });
  case KindStruct:
  case KindUnion:
    return membersMatch(L, K, Depth);
  case KindFuncProto:
    if (L.Members.size() != K.Members.size())
      return false;
    for (size_t N = 0; N != L.Members.size(); ++N)
      if (!typesMatch(L.Members[N].Type, K.Members[N].Type, Depth + 1))
        return false;
    return typesMatch(L.Target, K.Target, Depth + 1);
  default:
    return true;
  }
}

const BtfFile::Member *Matcher::enumerator(uint32_t Candidate) const {
  const BtfFile::Type &L = Local.type(Local.strip(R.Type));
  if (!isEnum(L.K) || Access[0] >= L.Members.size())
    return nullptr;
  StringRef Name = essentialName(L.Members[Access[0]].Name);
  for (const BtfFile::Member &M : Types.type(Types.strip(Candidate)).Members)
    if (essentialName(M.Name) == Name)
      return &M;
  return nullptr;
}

/// What the relocation asks of the field that \p S leads to.
CoreAnswer Matcher::ofField(const BtfFile &In, const Spec &S) const {
  CoreAnswer A;
  A.Possible = true;
  auto What = CoreRelo(R.Kind);
  if (What == CoreRelo::FieldExists) {
    A.Value = 1;
    return A;
  }
  const Step &Last = S.Steps.back();
  uint32_t Type = Last.Type;
  uint64_t Bits = 0;
  if (Last.IsMember) {
    const BtfFile::Member &M = In.type(Last.Type).Members[Last.Index];
    Type = M.Type;
    Bits = M.Size;
  }
  uint64_t Bytes = In.sizeOf(Type);
  uint64_t Start = S.BitOffset / 8;
  if (Bits) {
    // The smallest aligned number that has all of the bits.
    for (;; Bytes *= 2) {
      if (!Bytes || Bytes > 8) {
        A.Possible = false;
        return A;
      }
      Start = S.BitOffset / 8 / Bytes * Bytes;
      if (S.BitOffset + Bits - Start * 8 <= Bytes * 8)
        break;
    }
  } else {
    Bits = Bytes * 8;
    A.KernelSize = unsigned(Bytes);
    const BtfFile::Type &T = In.type(In.strip(Type));
    A.CanResize =
        T.K == KindPtr || (T.K == KindInt && !(T.Encoding & IntSigned));
  }
  switch (What) {
  case CoreRelo::FieldByteOffset:
    A.Value = Start;
    return A;
  case CoreRelo::FieldByteSize:
    A.Value = Bytes;
    break;
  case CoreRelo::FieldSigned: {
    const BtfFile::Type &T = In.type(In.strip(Type));
    A.Value = isEnum(T.K) || (T.K == KindInt && T.Encoding & IntSigned);
    break;
  }
  case CoreRelo::FieldLeftShift:
    A.Value = 64 - (S.BitOffset + Bits - Start * 8);
    break;
  case CoreRelo::FieldRightShift:
    A.Value = 64 - Bits;
    break;
  default:
    break;
  }
  A.KernelSize = 0;
  return A;
}

/// The answer by one type of the kernel; nothing if it does not fit.
std::optional<CoreAnswer> Matcher::ofCandidate(uint32_t Candidate) const {
  auto What = CoreRelo(R.Kind);
  if (isFieldKind(What)) {
    Spec S;
    if (!find(Candidate, S))
      return std::nullopt;
    return ofField(Types, S);
  }
  CoreAnswer A;
  A.Possible = true;
  switch (What) {
  case CoreRelo::EnumValueExists:
  case CoreRelo::EnumValue: {
    const BtfFile::Member *M = enumerator(Candidate);
    if (!M)
      return std::nullopt;
    A.Value = What == CoreRelo::EnumValue ? uint64_t(M->Value) : 1;
    return A;
  }
  case CoreRelo::TypeMatches:
    A.Value = 1;
    return typesMatch(R.Type, Candidate, 0) ? std::optional(A) : std::nullopt;
  default:
    if (!typesAgree(R.Type, Candidate, 0))
      return std::nullopt;
    A.Value = What == CoreRelo::TypeIdTarget ? Candidate
              : What == CoreRelo::TypeSize   ? Types.sizeOf(Candidate)
                                             : 1;
    return A;
  }
}

/// The answer where nothing fits: 0 to questions whether it is there.
CoreAnswer Matcher::missing() const {
  CoreAnswer A;
  switch (CoreRelo(R.Kind)) {
  case CoreRelo::FieldExists:
  case CoreRelo::TypeExists:
  case CoreRelo::TypeSize:
  case CoreRelo::TypeMatches:
  case CoreRelo::EnumValueExists:
  case CoreRelo::TypeIdTarget:
    A.Possible = true;
    return A;
  default:
    A.Missing = described();
    return A;
  }
}

std::string Matcher::described() const {
  const BtfFile::Type &T = Local.type(Local.strip(R.Type));
  std::string Text = Local.type(R.Type).Name.str();
  if (isEnum(T.K)) {
    if (Access[0] < T.Members.size())
      Text = T.Members[Access[0]].Name.str();
    return "`" + Text + "`";
  }
  for (const Step &S : ArrayRef(Mine.Steps).drop_front())
    Text += S.IsMember ? "." + Local.type(S.Type).Members[S.Index].Name.str()
                       : "[" + utostr(S.Index) + "]";
  return "`" + Text + "`";
}

CoreAnswer Matcher::run() {
  CoreAnswer A;
  auto What = CoreRelo(R.Kind);
  if (!readAccess())
    return missing();
  if (What == CoreRelo::TypeIdLocal) {
    A.Possible = true;
    A.Value = R.Type;
    return A;
  }
  if (isFieldKind(What) && !localField())
    return missing();
  // Where a typedef names the record, its name counts.
  const BtfFile::Type &T = Local.type(R.Type);
  std::optional<CoreAnswer> Best;
  for (uint32_t Candidate : Kernel.named(essentialName(T.Name))) {
    if (!sameKind(Types.type(Candidate).K, T.K))
      continue;
    std::optional<CoreAnswer> New = ofCandidate(Candidate);
    if (!New)
      continue;
    if (Best && Best->Value != New->Value && What != CoreRelo::TypeIdTarget) {
      A.Missing =
          described() + ", of which the kernel's types have several versions,";
      return A;
    }
    if (!Best)
      Best = New;
  }
  if (!Best)
    return missing();
  if (What == CoreRelo::FieldByteOffset && Best->KernelSize) {
    CoreAnswer Here = ofField(Local, Mine);
    Best->LocalSize = Here.KernelSize;
    Best->CanResize &= Here.CanResize;
  }
  if (!Best->Possible)
    Best->Missing = described();
  return *Best;
}

CoreAnswer answerCore(const BtfFile &Local, const BtfFile::CoreRelo &R,
                      const KernelTypes &Kernel) {
  return Matcher(Local, R, Kernel).run();
}

} // namespace bpfcc
