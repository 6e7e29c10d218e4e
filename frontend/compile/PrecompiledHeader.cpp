// vmlinux.h has some 100,000 lines, and takes ten times as long to read as the
// program that includes it to compile. Kept as Clang's precompiled header, it
// is opened where it stands and only what the program names is read.
//
//   x.bpf.c: #include "vmlinux.h"   ->   as if -include-pch KEY were given
//
// This is done for a file that begins with that include: nothing before can
// change what the header means. The key holds what else can: this compiler, the
// arguments that are not about files, and the header's name and bytes. So the
// cached file needs no checks of its own, and dates of files mean nothing. The
// include itself is still there and is passed over, by the header's guard.

#include "frontend/compile/PrecompiledHeader.h"

#include "frontend/headers/HeaderFileSystem.h"

#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/Utils.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

namespace bpfcc {

using namespace llvm;

namespace {

struct Include {
  StringRef Name;
  bool Angled;
};

/// The include that \p Source begins with, if it is of vmlinux.h.
std::optional<Include> firstInclude(StringRef Source) {
  clang::LangOptions Options;
  Options.LineComment = true;
  clang::Lexer Lexer(clang::SourceLocation(), Options, Source.begin(),
                     Source.begin(), Source.end());
  clang::Token Word;
  Lexer.LexFromRawLexer(Word);
  if (Word.isNot(clang::tok::hash) || !Word.isAtStartOfLine())
    return std::nullopt;
  Lexer.LexFromRawLexer(Word);
  if (Word.isNot(clang::tok::raw_identifier) ||
      Word.getRawIdentifier() != "include")
    return std::nullopt;
  StringRef Rest = StringRef(Lexer.getBufferLocation(),
                             Source.end() - Lexer.getBufferLocation())
                       .take_until([](char C) { return C == '\n'; })
                       .ltrim(" \t");
  if (Rest.empty() || (Rest.front() != '"' && Rest.front() != '<'))
    return std::nullopt;
  bool Angled = Rest.front() == '<';
  StringRef Name = Rest.drop_front().split(Angled ? '>' : '"').first;
  if (sys::path::filename(Name) != "vmlinux.h")
    return std::nullopt;
  return Include{Name, Angled};
}

/// Finds what Clang's preprocessor will find.
clang::OptionalFileEntryRef lookUp(const Include &I, StringRef Main,
                                   clang::CompilerInvocation &Invocation,
                                   clang::FileManager &Manager) {
  clang::DiagnosticOptions Options;
  clang::DiagnosticsEngine Diags(clang::DiagnosticIDs::create(), Options,
                                 new clang::IgnoringDiagConsumer);
  clang::SourceManager Sources(Diags, Manager);
  clang::HeaderSearch Search(Invocation.getHeaderSearchOpts(), Sources, Diags,
                             Invocation.getLangOpts(), /*Target=*/nullptr);
  clang::ApplyHeaderSearchOptions(Search, Invocation.getHeaderSearchOpts(),
                                  Invocation.getLangOpts(),
                                  Triple(Invocation.getTargetOpts().Triple));
  clang::OptionalFileEntryRef File = Manager.getOptionalFileRef(Main);
  if (!File)
    return std::nullopt;
  Search.getFileInfo(*File); // of a file that includes it expects to know
  std::pair<clang::OptionalFileEntryRef, clang::DirectoryEntryRef> Includer = {
      File, File->getDir()};
  return Search.LookupFile(I.Name, clang::SourceLocation(), I.Angled,
                           /*FromDir=*/nullptr, /*CurDir=*/nullptr, Includer,
                           /*SearchPath=*/nullptr, /*RelativePath=*/nullptr,
                           /*RequestingModule=*/nullptr,
                           /*SuggestedModule=*/nullptr, /*IsMapped=*/nullptr,
                           /*IsFrameworkFound=*/nullptr);
}

/// Whether reading \p Header twice is reading it once, and it reads no other.
bool standsAlone(StringRef Header) {
  for (StringRef Rest = Header;;) {
    size_t At = Rest.find("include");
    if (At == StringRef::npos)
      break;
    StringRef Before = Rest.take_front(At).rtrim(" \t");
    if (Before.ends_with("#") || Before.ends_with("__has_"))
      return false;
    Rest = Rest.drop_front(At + 1);
  }
  return Header.starts_with("#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n") &&
         Header.rtrim().ends_with("#endif /* __VMLINUX_H__ */");
}

/// How many words the argument \p A is where it only says where files are.
unsigned wordsAboutFiles(StringRef A) {
  return StringSwitch<unsigned>(A)
      .Cases({"-o", "-main-file-name", "-dumpdir"}, 2)
      .Cases({"-MT", "-MQ", "-dependency-file"}, 2)
      .Cases({"-I", "-isystem", "-iquote"}, 2)
      .Cases({"-idirafter", "-internal-isystem"}, 2)
      .Cases({"-sys-header-deps", "-MP"}, 1)
      .StartsWith("-I", 1)
      .StartsWith("-fdebug-compilation-dir", 1)
      .StartsWith("-fcoverage-compilation-dir", 1)
      .Default(0);
}

/// Adds to \p Key the arguments that can change what a header means.
void addArguments(std::string &Key, ArrayRef<std::string> Args) {
  for (Args = Args.drop_back(); !Args.empty();) {
    unsigned Words = wordsAboutFiles(Args.front());
    if (!Words)
      (Key += Args.front()) += '\0';
    Args = Args.drop_front(std::clamp<size_t>(Words, 1, Args.size()));
  }
}

/// This compiler: any other may write precompiled headers otherwise.
bool addCompiler(std::string &Key) {
  sys::fs::file_status Status;
  if (sys::fs::status(sys::fs::getMainExecutable(nullptr, nullptr), Status))
    return false;
  Key += utostr(Status.getSize()) + ' ' +
         itostr(Status.getLastModificationTime().time_since_epoch().count()) +
         '\0';
  return true;
}

std::optional<std::string> keyFor(const Job &J, clang::FileEntryRef Header,
                                  clang::FileManager &Manager) {
  std::string Key;
  if (!addCompiler(Key))
    return std::nullopt;
  addArguments(Key, J.Cc1Args);
  SmallString<256> Name(Header.getName());
  Manager.makeAbsolutePath(Name);
  Key += Name;
  if (!Header.getName().starts_with(HeaderRoot)) {
    auto Buffer = Manager.getBufferForFile(Header);
    if (!Buffer || !standsAlone((*Buffer)->getBuffer()))
      return std::nullopt;
    Key += '\0' + utohexstr(xxh3_64bits((*Buffer)->getBuffer()));
  }
  XXH128_hash_t Hash = xxh3_128bits(arrayRefFromStringRef(Key));
  return utohexstr(Hash.high64, true, 16) + utohexstr(Hash.low64, true, 16);
}

bool precompile(StringRef Header, bool System,
                const clang::CompilerInvocation &For,
                IntrusiveRefCntPtr<vfs::FileSystem> Files,
                const std::string &Output) {
  auto Invocation = std::make_shared<clang::CompilerInvocation>(For);
  clang::FrontendOptions &Front = Invocation->getFrontendOpts();
  Front.ProgramAction = clang::frontend::GeneratePCH;
  Front.Inputs = {clang::FrontendInputFile(
      Header, Front.Inputs[0].getKind().getHeader(), System)};
  Front.OutputFile = Output;
  Front.IncludeTimestamps = false;
  Front.UseTemporary = false;
  Invocation->getDependencyOutputOpts() = {};
  clang::CompilerInstance CI(Invocation);
  CI.setVirtualFileSystem(Files);
  CI.createDiagnostics(new clang::IgnoringDiagConsumer);
  CI.createFileManager();
  clang::GeneratePCHAction Action;
  return CI.ExecuteAction(Action) && !CI.getDiagnostics().hasErrorOccurred();
}

bool mayBegin(const clang::CompilerInvocation &Invocation) {
  const clang::PreprocessorOptions &Pre = Invocation.getPreprocessorOpts();
  clang::InputKind Kind = Invocation.getFrontendOpts().Inputs[0].getKind();
  return Kind.getLanguage() == clang::Language::C && !Kind.isPreprocessed() &&
         !Kind.isHeader() && Pre.Includes.empty() &&
         Pre.MacroIncludes.empty() && Pre.ImplicitPCHInclude.empty() &&
         Pre.ChainedIncludes.empty();
}

} // namespace

IntrusiveRefCntPtr<vfs::FileSystem>
usePrecompiledHeader(const Job &J, clang::CompilerInvocation &Invocation,
                     const CacheFolder &Cache,
                     IntrusiveRefCntPtr<vfs::FileSystem> Files) {
  if (J.Input == "-" || !mayBegin(Invocation))
    return Files;
  auto Source = Files->getBufferForFile(J.Input);
  std::optional<Include> First =
      Source ? firstInclude((*Source)->getBuffer()) : std::nullopt;
  if (!First)
    return Files;
  clang::FileManager Manager(Invocation.getFileSystemOpts(), Files);
  clang::OptionalFileEntryRef Header =
      lookUp(*First, J.Input, Invocation, Manager);
  std::optional<std::string> Key =
      Header ? keyFor(J, *Header, Manager) : std::nullopt;
  if (!Key)
    return Files;
  std::unique_ptr<MemoryBuffer> Entry = Cache.find(*Key);
  if (!Entry) {
    bool System = Header->getName().starts_with(HeaderRoot);
    Cache.offer(*Key, [&](const std::string &Output) {
      return precompile(Header->getName(), System, Invocation, Files, Output);
    });
    Entry = Cache.find(*Key);
  }
  if (!Entry)
    return Files;

  std::string Name = (HeaderRoot + "/cache/" + *Key + ".pch").str();
  auto Memory = makeIntrusiveRefCnt<vfs::InMemoryFileSystem>();
  Memory->addFile(Name, 0, std::move(Entry));
  auto Overlay = makeIntrusiveRefCnt<vfs::OverlayFileSystem>(Files);
  Overlay->pushOverlay(Memory);
  clang::PreprocessorOptions &Pre = Invocation.getPreprocessorOpts();
  Pre.ImplicitPCHInclude = Name;
  Pre.DisablePCHOrModuleValidation = clang::DisableValidationForModuleKind::PCH;
  return Overlay;
}

} // namespace bpfcc
