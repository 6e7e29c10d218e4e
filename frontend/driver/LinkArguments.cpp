// What a command line says about the link that follows the compilations:
//
//   a.c -O2 b.o -Ldir -lfoo -Wl,--gc-sections -o c.o
//
//   to Clang   a.c -O2 -c
//   LinkPlan   the object of a.c, b.o, libfoo.a of dir; GcSections; c.o

#include "frontend/driver/LinkArguments.h"

#include "support/Diagnostic.h"

#include "clang/Driver/Types.h"
#include "clang/Options/Options.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Option/Arg.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace bpfcc {

using namespace clang::options;
using llvm::StringRef;

bool LinkWords::take(llvm::ArrayRef<StringRef> Words, size_t &I) {
  StringRef Word = Words[I];
  auto Value = [&](StringRef Option, StringRef &Out) {
    Out = Word;
    if (!Out.consume_front(Option))
      return false;
    if (Out.consume_front("="))
      return true;
    if (!Out.empty() || I + 1 == Words.size())
      return false;
    Out = Words[++I];
    return true;
  };
  StringRef Text;
  if (Word == "--gc-sections" || Word == "-gc-sections")
    Plan.GcSections = true;
  else if (Word == "--no-gc-sections")
    Plan.GcSections = false;
  else if (Value("--export", Text))
    Plan.Exports.push_back(Text.str());
  else if (Value("-Map", Text) || Value("--Map", Text))
    Plan.MapFile = Text.str();
  else if (Value("--trace-symbol", Text))
    Plan.Traced.push_back(Text.str());
  else
    return false;
  return Any = true;
}

bool ObjectFiles::contains(StringRef Name) {
  auto [It, New] = Known.try_emplace(Name, false);
  if (!New || Name == "-")
    return It->second;
  // Clang's driver takes these for the linker's too, whatever is in them.
  if (Name.ends_with(".o") || Name.ends_with(".a"))
    return It->second = true;
  constexpr int64_t MagicSize = 32;
  auto Buffer = Files.getBufferForFile(Name, MagicSize,
                                       /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return false;
  switch (llvm::identify_magic((*Buffer)->getBuffer())) {
  case llvm::file_magic::archive:
  case llvm::file_magic::elf:
  case llvm::file_magic::elf_relocatable:
  case llvm::file_magic::elf_executable:
  case llvm::file_magic::elf_shared_object:
  case llvm::file_magic::elf_core:
    return It->second = true;
  default:
    return false;
  }
}

bool stopsBeforeLink(const llvm::opt::InputArgList &Args) {
  return Args.hasArg(OPT_c, OPT_S, OPT_E, OPT_M, OPT_MM, OPT_fsyntax_only,
                     OPT__precompile, OPT__analyze, OPT_emit_ast) ||
         Args.hasArg(OPT_emit_interface_stubs, OPT_rewrite_objc,
                     OPT_module_file_info, OPT_verify_pch,
                     OPT_print_supported_cpus);
}

bool isLto(const llvm::opt::InputArgList &Args) {
  const llvm::opt::Arg *A = Args.getLastArg(OPT_flto, OPT_flto_EQ, OPT_fno_lto);
  return A && !A->getOption().matches(OPT_fno_lto);
}

bool isLink(const llvm::opt::InputArgList &Args, const LinkWords &Words,
            ObjectFiles &Objects) {
  if (Args.hasArg(OPT_emit_llvm) || !Args.hasArg(OPT_INPUT, OPT_l))
    return false;
  std::vector<std::string> Inputs = Args.getAllArgValues(OPT_INPUT);
  return Words.Any || Args.hasArg(OPT_r, OPT_l) || isLto(Args) ||
         Inputs.size() > 1 || Objects.contains(Inputs.front());
}

bool hasSources(const LinkPlan &Plan) {
  return llvm::any_of(Plan.Inputs, [](const LinkPlan::Input &I) {
    return I.Kind == LinkPlan::InputKind::Source;
  });
}

static llvm::Error takeLinkerWords(const llvm::opt::InputArgList &Args,
                                   LinkWords &Words) {
  std::vector<StringRef> Behind;
  for (const llvm::opt::Arg *A : Args.filtered(OPT_Wl_COMMA, OPT_Xlinker))
    Behind.insert(Behind.end(), A->getValues().begin(), A->getValues().end());
  for (size_t I = 0; I != Behind.size(); ++I) {
    StringRef Word = Behind[I];
    if (Word == "-r" || Word == "--relocatable")
      Words.Plan.Partial = true;
    else if (Word == "-y" && I + 1 != Behind.size())
      Words.Plan.Traced.push_back(Behind[++I].str());
    else if (!Words.take(Behind, I))
      return withHelp(diagError(DiagCode::BadOption, {},
                                "the link has no option `" + Word.str() + "`"),
                      "it has -r, -L, -l, --gc-sections, --export=, -Map= and "
                      "--trace-symbol=");
  }
  return llvm::Error::success();
}

llvm::Expected<LinkPlan> planLink(const llvm::opt::InputArgList &Args,
                                  LinkWords Words, ObjectFiles &Objects,
                                  llvm::SmallVectorImpl<const char *> &Clang) {
  if (llvm::Error E = takeLinkerWords(Args, Words))
    return std::move(E);
  LinkPlan &Plan = Words.Plan;
  Plan.Partial |= Args.hasArg(OPT_r);
  Plan.LibraryFolders = Args.getAllArgValues(OPT_L);
  Plan.Output = Args.getLastArgValue(OPT_o, Plan.Output).str();

  // The words of an argument reach to the next one.
  llvm::SmallVector<const char *, 64> Kept{Clang.front()};
  llvm::SmallVector<const llvm::opt::Arg *, 64> Sorted(Args.begin(),
                                                       Args.end());
  llvm::stable_sort(Sorted, [](const auto *A, const auto *B) {
    return A->getIndex() < B->getIndex();
  });
  for (size_t I = 0; I != Sorted.size(); ++I) {
    const llvm::opt::Arg *A = Sorted[I];
    const llvm::opt::Option &O = A->getOption();
    bool IsLinks = O.matches(OPT_o) || O.matches(OPT_r) || O.matches(OPT_L) ||
                   O.matches(OPT_l) || O.matches(OPT_Wl_COMMA) ||
                   O.matches(OPT_Xlinker);
    if (O.matches(OPT_l)) {
      Plan.Inputs.push_back(
          {LinkPlan::InputKind::Library, std::string(A->getValue())});
    } else if (O.matches(OPT_INPUT)) {
      IsLinks = Objects.contains(A->getValue());
      Plan.Inputs.push_back(
          {IsLinks ? LinkPlan::InputKind::File : LinkPlan::InputKind::Source,
           A->getValue()});
    }
    size_t Begin = A->getIndex() + 1;
    size_t End =
        I + 1 == Sorted.size() ? Clang.size() : Sorted[I + 1]->getIndex() + 1;
    if (!IsLinks)
      Kept.append(Clang.begin() + Begin, Clang.begin() + End);
  }
  Clang.assign(Kept.begin(), Kept.end());
  // Without a source, Clang reads nothing, and does not complain of words.
  if (!hasSources(Plan))
    for (const llvm::opt::Arg *A : Args.filtered(OPT_UNKNOWN))
      return diagError(DiagCode::BadOption, {},
                       "unknown argument `" + A->getAsString(Args) + "`");
  return std::move(Plan);
}

} // namespace bpfcc
