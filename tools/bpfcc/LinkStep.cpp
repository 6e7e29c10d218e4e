// `bpfcc a.c b.o -Ldir -lfoo -o c.o`: the link after the compilations.

#include "tools/bpfcc/LinkStep.h"

#include "support/Diagnostic.h"
#include "support/InputFile.h"
#include "support/OutputFile.h"
#include "tools/bpfcc/LtoStep.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace bpfcc::tools {

using namespace llvm;

static Expected<LinkArgument> openFile(StringRef Name) {
  auto Buffer = readInputFile(Name);
  if (!Buffer)
    return Buffer.takeError();
  return readLinkArgument(std::move(*Buffer), Name);
}

/// `-lNAME` is libNAME.a, `-l:FILE` is FILE, of the first -L that has it.
static Expected<LinkArgument> openLibrary(StringRef Name,
                                          ArrayRef<std::string> Folders) {
  std::string File =
      Name.consume_front(":") ? Name.str() : ("lib" + Name + ".a").str();
  for (const std::string &Folder : Folders) {
    SmallString<128> Path(Folder);
    sys::path::append(Path, File);
    if (sys::fs::exists(Path))
      return openFile(Path);
  }
  std::string Where = Folders.empty() ? "no -L names a folder to look in"
                                      : "it is not in " + join(Folders, ", ");
  return diagError(DiagCode::CannotOpen, {}, File, Where);
}

static Expected<std::vector<LinkArgument>>
openInputs(const LinkPlan &Plan, std::vector<LinkArgument> Compiled) {
  std::vector<LinkArgument> Arguments;
  Arguments.reserve(Plan.Inputs.size());
  Error Errors = Error::success();
  size_t Next = 0;
  for (const LinkPlan::Input &I : Plan.Inputs) {
    if (I.Kind == LinkPlan::InputKind::Source) {
      Arguments.push_back(std::move(Compiled[Next++]));
      continue;
    }
    auto A = I.Kind == LinkPlan::InputKind::File
                 ? openFile(I.Name)
                 : openLibrary(I.Name, Plan.LibraryFolders);
    if (A)
      Arguments.push_back(std::move(*A));
    else
      Errors = joinErrors(std::move(Errors), A.takeError());
  }
  if (Errors)
    return std::move(Errors);
  return Arguments;
}

static void printTraced(const LinkPlan &Plan, const LinkMap &Map) {
  for (const std::string &Name : Plan.Traced)
    for (const LinkMap::Use &U : Map.Uses)
      if (U.Symbol == Name)
        outs() << U.Input << ": "
               << (U.IsDefinition ? "definition of " : "reference to ") << Name
               << '\n';
}

Expected<Object> runLink(const bpfcc::Plan &P,
                         std::vector<LinkArgument> Compiled) {
  const LinkPlan &Plan = *P.Link;
  auto Arguments = openInputs(Plan, std::move(Compiled));
  if (!Arguments)
    return Arguments.takeError();
  auto Selected = selectInputs(std::move(*Arguments), Plan.Exports);
  if (!Selected)
    return Selected.takeError();
  if (Selected->Inputs.empty())
    return withHelp(diagError(DiagCode::BadOption, {},
                              "there is nothing to link: of archives only "
                              "what others need is taken"),
                    "`--export=NAME` asks for a symbol");
  if (Error E = compileBitcode(P, Selected->Inputs))
    return std::move(E);
  LinkOptions Options;
  Options.Partial = Plan.Partial;
  Options.GcSections = Plan.GcSections;
  Options.Exports = Plan.Exports;
  Options.WantsMap = !Plan.MapFile.empty() || !Plan.Traced.empty();
  auto Linked = linkObjects(std::move(Selected->Inputs), Options);
  if (!Linked)
    return Linked.takeError();
  Linked->Map.Members = std::move(Selected->Members);
  printTraced(Plan, Linked->Map);
  if (!Plan.MapFile.empty()) {
    std::string Text;
    raw_string_ostream OS(Text);
    printLinkMap(OS, Linked->Map);
    if (Error E = writeOutput(Plan.MapFile, Text))
      return std::move(E);
  }
  return std::move(Linked->Obj);
}

} // namespace bpfcc::tools
