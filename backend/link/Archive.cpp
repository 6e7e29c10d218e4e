#include "backend/link/Archive.h"

#include "backend/link/Bitcode.h"
#include "backend/object/ElfFile.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/Archive.h"

#include <deque>
#include <set>

namespace bpfcc {

using namespace llvm;

static Expected<Object> readObject(StringRef Bytes, StringRef Name,
                                   TypeSections &Types) {
  return link::isBitcode(Bytes)
             ? link::bitcodeSymbols(Bytes, Name)
             : readElf(arrayRefFromStringRef(Bytes), Name, Types);
}

Expected<LinkArgument> readLinkArgument(std::unique_ptr<MemoryBuffer> Bytes,
                                        StringRef Name) {
  LinkArgument A;
  A.Name = Name.str();
  if (identify_magic(Bytes->getBuffer()) == file_magic::archive) {
    A.Bytes = std::move(Bytes);
    return A;
  }
  A.IsBitcode = link::isBitcode(Bytes->getBuffer());
  auto Obj = readObject(Bytes->getBuffer(), Name, A.Types);
  if (!Obj)
    return Obj.takeError();
  A.Obj = std::move(*Obj);
  A.Bytes = std::move(Bytes);
  return A;
}

namespace {

class Selector {
public:
  Selector(ArrayRef<std::string> Exports, bool HasArchives)
      : HasArchives(HasArchives) {
    for (const std::string &Name : Exports)
      want(Name, "--export");
  }

  Error add(LinkArgument A) {
    if (A.Bytes)
      Result.Bytes.push_back(std::move(A.Bytes));
    if (A.Obj) {
      addObject({A.Name, std::move(*A.Obj), A.Types,
                 A.IsBitcode ? Result.Bytes.back()->getBuffer() : ""});
      return pull();
    }
    if (Error E = addArchive(A.Name, *Result.Bytes.back()))
      return diagError(DiagCode::BadObject, {A.Name, 0, 0},
                       takeMessages(std::move(E)));
    return pull();
  }

  LinkSelection take() { return std::move(Result); }

private:
  struct File {
    std::string Name;
    std::unique_ptr<object::Archive> Ar;
    std::set<uint64_t> Pulled; ///< offsets of members
  };
  /// A member of an archive that defines some symbol.
  struct Offer {
    File *From = nullptr;
    object::Archive::Child Member;
  };
  struct Need {
    std::string Symbol, By;
  };

  void want(StringRef Symbol, StringRef By) {
    if (!Defined.contains(Symbol) && Wanted.insert(Symbol).second)
      Needs.push_back({Symbol.str(), By.str()});
  }

  void addObject(LinkInput In) {
    if (HasArchives)
      noteSymbols(In);
    Result.Inputs.push_back(std::move(In));
  }

  void noteSymbols(const LinkInput &In) {
    for (const Symbol &S : In.Obj.Symbols)
      if (S.Binding != ELF::STB_LOCAL && S.Section >= 0)
        Defined.insert(S.Name);
    for (const Symbol &S : In.Obj.Symbols)
      if (S.Binding == ELF::STB_GLOBAL && S.Section < 0)
        want(S.Name, In.Name);
  }

  Error addArchive(StringRef Name, const MemoryBuffer &Bytes) {
    auto Ar = object::Archive::create(Bytes.getMemBufferRef());
    if (!Ar)
      return Ar.takeError();
    File &F = Files.emplace_back(File{Name.str(), std::move(*Ar), {}});
    auto HasBitcode = hasBitcode(F);
    if (!HasBitcode)
      return HasBitcode.takeError();
    if (F.Ar->hasSymbolTable() && !*HasBitcode) {
      for (const object::Archive::Symbol &S : F.Ar->symbols()) {
        auto Member = S.getMember();
        if (!Member)
          return Member.takeError();
        Offers.try_emplace(S.getName(), Offer{&F, *Member});
      }
    } else if (Error E = indexMembers(F)) {
      return E;
    }
    // Symbols that nothing before has offered are asked for again.
    for (Need &N : Missing)
      Needs.push_back(std::move(N));
    Missing.clear();
    return Error::success();
  }

  /// Of bitcode GNU ar(1) does not know the symbols.
  static Expected<bool> hasBitcode(const File &F) {
    Error Failed = Error::success();
    bool Has = false;
    for (const object::Archive::Child &C : F.Ar->children(Failed)) {
      auto Bytes = C.getBuffer();
      if (!Bytes) {
        consumeError(std::move(Failed));
        return Bytes.takeError();
      }
      Has |= link::isBitcode(*Bytes);
    }
    if (Failed)
      return std::move(Failed);
    return Has;
  }

  /// An archive without a table of symbols that tells all (`ar rcS`).
  Error indexMembers(File &F) {
    Error Failed = Error::success();
    for (const object::Archive::Child &C : F.Ar->children(Failed)) {
      auto In = read(F, C);
      if (!In) {
        consumeError(std::move(Failed));
        return In.takeError();
      }
      for (const Symbol &S : In->Obj.Symbols)
        if (S.Binding != ELF::STB_LOCAL && S.Section >= 0)
          Offers.try_emplace(S.Name, Offer{&F, C});
    }
    return Failed;
  }

  static Expected<LinkInput> read(const File &F,
                                  const object::Archive::Child &C) {
    auto Bytes = C.getMemoryBufferRef();
    if (!Bytes)
      return Bytes.takeError();
    auto MemberName = C.getName();
    if (!MemberName)
      return MemberName.takeError();
    std::string Name = F.Name + "(" + MemberName->str() + ")";
    LinkInput In;
    In.Name = std::move(Name);
    auto Obj = readObject(Bytes->getBuffer(), In.Name, In.Types);
    if (!Obj)
      return Obj.takeError();
    In.Obj = std::move(*Obj);
    if (link::isBitcode(Bytes->getBuffer()))
      In.Bitcode = Bytes->getBuffer();
    return In;
  }

  Error pull() {
    while (!Needs.empty()) {
      Need N = std::move(Needs.front());
      Needs.pop_front();
      if (Defined.contains(N.Symbol))
        continue;
      auto It = Offers.find(N.Symbol);
      if (It == Offers.end()) {
        Missing.push_back(std::move(N));
        continue;
      }
      const Offer &O = It->second;
      if (!O.From->Pulled.insert(O.Member.getChildOffset()).second)
        continue;
      auto In = read(*O.From, O.Member);
      if (!In)
        return In.takeError();
      Result.Members.push_back({In->Name, N.Symbol, N.By});
      addObject(std::move(*In));
    }
    return Error::success();
  }

  const bool HasArchives; ///< else nobody asks who needs what
  LinkSelection Result;
  std::deque<File> Files;
  StringMap<Offer> Offers;
  StringSet<> Defined, Wanted;
  std::deque<Need> Needs;    ///< not looked up yet
  std::vector<Need> Missing; ///< that no archive so far offers
};

} // namespace

Expected<LinkSelection> selectInputs(std::vector<LinkArgument> Arguments,
                                     ArrayRef<std::string> Exports) {
  Selector S(Exports,
             any_of(Arguments, [](const LinkArgument &A) { return !A.Obj; }));
  for (LinkArgument &A : Arguments)
    if (Error E = S.add(std::move(A)))
      return std::move(E);
  return S.take();
}

} // namespace bpfcc
