#include "frontend/driver/Variants.h"

#include "backend/target/Machines.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

namespace bpfcc {

using namespace llvm;

namespace {
/// A value of --arch= or --target=.
struct Choice {
  std::string Name;
  std::vector<std::string> Words;
  bool BigEndian = false;
};

class Expander {
public:
  Error read(ArrayRef<const char *> Args);
  Expected<std::vector<std::vector<std::string>>> expand() const;

private:
  Error readArches(StringRef List);
  Error readTargets(StringRef List);
  bool several() const { return Arches.size() > 1 || Targets.size() > 1; }
  std::vector<std::string> lineFor(const Choice &Arch,
                                   const Choice &Target) const;

  std::vector<std::string> Rest; ///< all other words
  std::vector<Choice> Arches, Targets;
  bool HasTarget = false; ///< also in the form -target X
};
} // namespace

static Error bad(const Twine &What, StringRef Help) {
  return withHelp(diagError(DiagCode::BadOption, {}, What.str()), Help);
}

Error Expander::readArches(StringRef List) {
  Arches.clear();
  for (StringRef Name : split(List, ',')) {
    const target::Machine *M = target::findMachine(Name);
    if (!M)
      return bad("`--arch`: no machine is called `" + Name + "`",
                 "machines: " + target::machineNames());
    Arches.push_back(
        {Name.str(), {"-D__TARGET_ARCH_" + M->Name.str()}, M->BigEndian});
  }
  return Error::success();
}

Error Expander::readTargets(StringRef List) {
  Targets.clear();
  HasTarget = true;
  for (StringRef Name : split(List, ','))
    Targets.push_back({Name.str(), {"--target=" + Name.str()}});
  return Error::success();
}

/// Options that name a file to write.
static constexpr StringLiteral Writes[] = {"-o", "-MF", "-MJ", "-Map"};

/// `.i` is C that -frewrite-includes wrote, with its macros, if that is said.
static bool isRewritten(ArrayRef<const char *> Args, StringRef Word) {
  return Word.ends_with(".i") && !Word.starts_with("-") &&
         is_contained(Args, StringRef("-frewrite-includes")) &&
         !is_contained(Args, StringRef("-x"));
}

Error Expander::read(ArrayRef<const char *> Args) {
  for (const char *Given : Args) {
    std::string Ours;
    StringRef Word = Given;
    if (Word.consume_front("-fplugin-arg-bpfcc-"))
      Word = Ours = ("-" + Word).str();
    if (Word.consume_front("--arch=")) {
      if (Error E = readArches(Word))
        return E;
    } else if (Word.consume_front("--target=")) {
      if (Error E = readTargets(Word))
        return E;
    } else if (isRewritten(Args, Word) &&
               (Rest.empty() || Rest.back() != "-o")) {
      Rest.insert(Rest.end(), {"-x", "c", Word.str()});
    } else {
      HasTarget |= Word == "-target";
      Rest.push_back(Word.str());
    }
  }
  return Error::success();
}

/// `x.bpf.o` with `.arm64` before its ending.
static std::string withSuffix(StringRef Path, StringRef Suffix) {
  StringRef Ending = sys::path::extension(Path);
  return (Path.drop_back(Ending.size()) + Suffix + Ending).str();
}

std::vector<std::string> Expander::lineFor(const Choice &Arch,
                                           const Choice &Target) const {
  std::string Suffix;
  if (Arches.size() > 1)
    Suffix += "." + Arch.Name;
  if (Targets.size() > 1)
    Suffix += "." + Target.Name;
  std::vector<std::string> Line;
  for (size_t I = 0; I != Rest.size(); ++I) {
    StringRef Word = Rest[I];
    const auto *Option = find_if(Writes, [&](StringRef W) {
      return Word == W || (Word.starts_with(W) && W == "-MF") ||
             (W == "-Map" && Word.starts_with("-Map="));
    });
    if (Suffix.empty() || Option == std::end(Writes)) {
      Line.push_back(Word.str());
    } else if (Word != *Option) {
      Line.push_back(withSuffix(Word, Suffix));
    } else {
      Line.push_back(Word.str());
      if (I + 1 != Rest.size())
        Line.push_back(withSuffix(Rest[++I], Suffix));
    }
  }
  Line.insert(Line.end(), Arch.Words.begin(), Arch.Words.end());
  Line.insert(Line.end(), Target.Words.begin(), Target.Words.end());
  if (Arch.BigEndian && !HasTarget)
    Line.push_back("--target=bpfeb");
  return Line;
}

Expected<std::vector<std::vector<std::string>>> Expander::expand() const {
  auto Output = find(Rest, "-o");
  if (several() && (Output == Rest.end() || Output + 1 == Rest.end() ||
                    Output[1] == "-" || Output[1].empty()))
    return bad("several machines or targets make several files",
               "`-o FILE.o` names them: each adds its own name, as in "
               "FILE.arm64.o");
  std::vector<std::vector<std::string>> Lines;
  std::vector<Choice> Default(1);
  for (const Choice &Arch : Arches.empty() ? Default : Arches)
    for (const Choice &Target : Targets.empty() ? Default : Targets)
      Lines.push_back(lineFor(Arch, Target));
  return Lines;
}

Expected<std::vector<std::vector<std::string>>>
expandVariants(ArrayRef<const char *> Args) {
  Expander E;
  if (Error Bad = E.read(Args))
    return std::move(Bad);
  return E.expand();
}

} // namespace bpfcc
