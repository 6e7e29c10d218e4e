// `bpfcc gen min-core-btf`: of a kernel's types, those that decide how the
// CO-RE relocations of some objects are resolved. It is small enough to be
// shipped for kernels that have no BTF.
//
// A relocation names a type of the object and a path in it; libbpf looks for
// types of the same name (up to a `___flavour`) in the kernel's BTF and follows
// the names of the path there. So what is on such a path must be kept, and what
// is beside it may go:
//
//   struct task_struct { ... pid_t pid; ... struct mm_struct *mm; ... }
//   task->pid                  keeps task_struct { pid_t pid; }, pid_t, int
//   task->mm->pgd              also mm of task_struct, mm_struct { pgd_t *pgd;
//   }
//
// What a pointer points to is not followed: the access through it is a
// relocation of its own.

#include "backend/btf/BtfEncode.h"
#include "support/Diagnostic.h"
#include "tools/gen/CTypes.h"
#include "tools/gen/Gen.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace llvm;

namespace bpfcc::gen {

/// `task_struct___old` -> `task_struct`
static StringRef withoutFlavour(StringRef Name) {
  size_t At = Name.rfind("___");
  return At == StringRef::npos || At == 0 || Name[At - 1] == '_'
             ? Name
             : Name.take_front(At);
}

static bool isRecord(const BtfFile::Type &T) {
  return T.K == btf::KindStruct || T.K == btf::KindUnion;
}

static bool isEnum(const BtfFile::Type &T) {
  return T.K == btf::KindEnum || T.K == btf::KindEnum64;
}

namespace {
/// Which types, and which members of them, are kept.
class Marks {
public:
  explicit Marks(const BtfFile &Kernel) : Kernel(Kernel) {
    Kept.resize(uint32_t(Kernel.Types.size()));
  }

  /// The type without its members; with \p Deep also what pointers point to.
  void type(uint32_t Id, bool Deep = false);
  void member(uint32_t Record, uint32_t Index);
  /// All members and enumerators.
  void whole(uint32_t Id);

  std::vector<uint8_t> encode(bool BigEndian) const;

private:
  const BtfFile &Kernel;
  BitVector Kept;
  DenseMap<uint32_t, BitVector> Members;
};

/// The relocations of one object against one kernel.
class Relocations {
public:
  Relocations(const BtfFile &Kernel, Marks &Kept);
  Error follow(const BtfFile &Object);

private:
  struct Step {
    StringRef Name; ///< empty: an element of an array
  };
  static Expected<std::vector<Step>> stepsOf(const BtfFile &Object,
                                             const BtfFile::CoreRelo &R);
  bool walk(uint32_t Id, ArrayRef<Step> Path);
  bool walkMember(uint32_t Id, ArrayRef<Step> Path);

  const BtfFile &Kernel;
  Marks &Kept;
  StringMap<std::vector<uint32_t>> ByName;
};
} // namespace

void Marks::type(uint32_t Id, bool Deep) {
  while (Id && !Kept.test(Id)) {
    Kept.set(Id);
    const BtfFile::Type &T = Kernel.type(Id);
    switch (T.K) {
    case btf::KindArray:
      type(T.Index);
      break;
    case btf::KindPtr:
      if (!Deep)
        return;
      break;
    case btf::KindFuncProto:
      for (const BtfFile::Member &M : T.Members)
        type(M.Type, Deep);
      break;
    case btf::KindTypedef:
    case btf::KindConst:
    case btf::KindVolatile:
    case btf::KindRestrict:
    case btf::KindTypeTag:
      break;
    default:
      return;
    }
    Id = T.Target;
  }
}

void Marks::member(uint32_t Record, uint32_t Index) {
  const BtfFile::Type &T = Kernel.type(Record);
  BitVector &Of = Members[Record];
  Of.resize(unsigned(T.Members.size()));
  Of.set(Index);
  type(Record);
  type(T.Members[Index].Type);
}

void Marks::whole(uint32_t Id) {
  type(Id, /*Deep=*/true);
  Id = Kernel.strip(Id);
  if (isRecord(Kernel.type(Id)))
    for (uint32_t N = 0; N != Kernel.type(Id).Members.size(); ++N) {
      member(Id, N);
      type(Kernel.type(Id).Members[N].Type, /*Deep=*/true);
    }
}

std::vector<uint8_t> Marks::encode(bool BigEndian) const {
  std::vector<uint32_t> NewId(Kernel.Types.size());
  uint32_t Count = 0;
  for (uint32_t Id : Kept.set_bits())
    NewId[Id] = ++Count;
  btf::Writer W;
  for (uint32_t Id : Kept.set_bits()) {
    BtfFile::Type T = Kernel.type(Id);
    std::vector<BtfFile::Member> Chosen;
    if (isRecord(T)) {
      if (auto Of = Members.find(Id); Of != Members.end())
        for (unsigned N : Of->second.set_bits())
          Chosen.push_back(T.Members[N]);
      T.Members = Chosen;
    }
    W.add(btf::encodeType(T, W, [&](uint32_t Old) { return NewId[Old]; }));
  }
  return W.encode(BigEndian);
}

Relocations::Relocations(const BtfFile &Kernel, Marks &Kept)
    : Kernel(Kernel), Kept(Kept) {
  for (uint32_t Id = 1; Id < Kernel.Types.size(); ++Id)
    if (!Kernel.type(Id).Name.empty())
      ByName[withoutFlavour(Kernel.type(Id).Name)].push_back(Id);
}

/// The names on the path of an access, as `0:1:2` numbers them in the object.
Expected<std::vector<Relocations::Step>>
Relocations::stepsOf(const BtfFile &Object, const BtfFile::CoreRelo &R) {
  SmallVector<StringRef, 8> Numbers;
  R.Access.split(Numbers, ':');
  std::vector<Step> Path;
  uint32_t Id = R.Type;
  for (auto [N, Text] : enumerate(Numbers)) {
    uint32_t Index = 0;
    Id = Object.strip(Id);
    const BtfFile::Type &T = Object.type(Id);
    bool Bad = Text.getAsInteger(10, Index);
    if (N == 0 && !Bad)
      continue; // an element of an array of the type itself
    if (!Bad && isRecord(T) && Index < T.Members.size()) {
      if (!T.Members[Index].Name.empty())
        Path.push_back({T.Members[Index].Name});
      Id = T.Members[Index].Type;
    } else if (!Bad && T.K == btf::KindArray) {
      Path.push_back({{}});
      Id = T.Target;
    } else {
      return diagError(DiagCode::BadObject, {},
                       "a CO-RE relocation has the access `" + R.Access.str() +
                           "`, which its type does not have");
    }
  }
  return Path;
}

/// Keeps \p Path from type \p Id on; false if the kernel's type has no such
/// path.
bool Relocations::walk(uint32_t Id, ArrayRef<Step> Path) {
  if (Path.empty()) {
    Kept.type(Id);
    return true;
  }
  uint32_t At = Kernel.strip(Id);
  const BtfFile::Type &T = Kernel.type(At);
  bool Found = false;
  if (!Path.front().Name.empty())
    Found = isRecord(T) && walkMember(At, Path);
  else
    Found = T.K == btf::KindArray && walk(T.Target, Path.drop_front());
  if (Found)
    Kept.type(Id);
  return Found;
}

/// Members of members without a name count as the record's own.
bool Relocations::walkMember(uint32_t Id, ArrayRef<Step> Path) {
  const BtfFile::Type &T = Kernel.type(Id);
  for (auto [N, M] : enumerate(T.Members)) {
    uint32_t Inner = Kernel.strip(M.Type);
    bool Found =
        M.Name.empty()
            ? isRecord(Kernel.type(Inner)) && walkMember(Inner, Path)
            : M.Name == Path.front().Name && walk(M.Type, Path.drop_front());
    if (!Found)
      continue;
    Kept.member(Id, uint32_t(N));
    return true;
  }
  return false;
}

Error Relocations::follow(const BtfFile &Object) {
  for (const BtfFile::CoreRelo &R : Object.CoreRelos) {
    if (R.Kind == uint32_t(btf::CoreRelo::TypeIdLocal))
      continue;
    uint32_t Root = R.Type;
    while (Object.type(Root).K == btf::KindConst ||
           Object.type(Root).K == btf::KindVolatile)
      Root = Object.type(Root).Target;
    const BtfFile::Type &Local = Object.type(Root);
    auto Named = ByName.find(withoutFlavour(Local.Name));
    if (Local.Name.empty() || Named == ByName.end())
      continue; // it does not exist with fewer types either
    bool OfField = R.Kind <= uint32_t(btf::CoreRelo::FieldRightShift);
    std::vector<Step> Path;
    if (OfField) {
      auto Steps = stepsOf(Object, R);
      if (!Steps)
        return Steps.takeError();
      Path = std::move(*Steps);
    }
    for (uint32_t Id : Named->second) {
      const BtfFile::Type &T = Kernel.type(Id);
      if (T.K != Local.K && !(isEnum(T) && isEnum(Local)))
        continue;
      if (OfField)
        walk(Id, Path);
      else if (R.Kind == uint32_t(btf::CoreRelo::TypeMatches))
        Kept.whole(Id);
      else
        Kept.type(Id, /*Deep=*/true);
    }
  }
  return Error::success();
}

Expected<std::string> minCoreBtf(StringRef KernelBtf,
                                 ArrayRef<std::string> Objects) {
  auto Bytes = readBtfSection(KernelBtf);
  if (!Bytes)
    return Bytes.takeError();
  auto Kernel = readBtf(*Bytes, {}, sys::IsBigEndianHost);
  if (!Kernel)
    return Kernel.takeError();
  Marks Kept(*Kernel);
  Relocations All(*Kernel, Kept);
  for (const std::string &File : Objects) {
    auto M = readModel(File, "");
    if (!M)
      return M.takeError();
    if (Error E = All.follow(M->Btf))
      return std::move(E);
  }
  return toStringRef(Kept.encode(sys::IsBigEndianHost)).str();
}

} // namespace bpfcc::gen
