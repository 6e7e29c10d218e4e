// A compilation that is sent to another machine is sent as one file. BTF holds
// lines of source and columns, which a preprocessed file no longer has; so
// `-E -frewrite-includes` writes one with its headers in the places of their
// #include, but with macros as they are:
//
//   /* bpfcc -frewrite-includes: aligned */
//   #undef LIMIT
//   #define LIMIT 7              -DLIMIT=7
//   # 1 "src/x.c"
//   ...
//   # 1 "src/x.h" 1              the lines of x.h
//
// Compiled with -frewrite-includes, such a file gives the bytes that src/x.c
// gives.

#include "frontend/compile/RewrittenSource.h"

#include "frontend/headers/HeaderFileSystem.h"

#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/ADT/StringExtras.h"

#include <optional>

namespace bpfcc {

using namespace llvm;

static constexpr StringLiteral Mark = "/* bpfcc -frewrite-includes: ";
static constexpr StringLiteral MisalignedMark = "misaligned";

std::string rewrittenHead(const clang::PreprocessorOptions &Options,
                          bool Misaligned) {
  std::string Head =
      (Mark + (Misaligned ? StringRef(MisalignedMark) : "aligned") + " */\n")
          .str();
  for (const auto &[Macro, IsUndef] : Options.Macros) {
    auto [Name, Value] = StringRef(Macro).split('=');
    Head += "#undef " + Name.split('(').first.str() + "\n";
    bool HasValue = StringRef(Macro).contains('=');
    if (!IsUndef)
      Head += ("#define " + Name + " " + (HasValue ? Value : "1") + "\n").str();
  }
  return Head;
}

bool isRewritten(StringRef Text) { return Text.starts_with(Mark); }

/// `# 12 "name" 1` -> 12 and name.
static std::optional<std::pair<unsigned, std::string>>
readMarker(StringRef Line) {
  unsigned Number = 0;
  if (!Line.consume_front("# ") || Line.consumeInteger(10, Number) ||
      !Line.consume_front(" \""))
    return std::nullopt;
  std::string Name;
  for (size_t I = 0; I < Line.size() && Line[I] != '"'; ++I) {
    if (Line[I] == '\\' && I + 1 < Line.size())
      ++I;
    Name += Line[I];
  }
  return std::make_pair(Number, Name);
}

RewrittenSource readRewritten(StringRef Text) {
  RewrittenSource Source;
  StringRef Head = Text;
  Head.consume_front(Mark);
  Source.Misaligned = Head.starts_with(MisalignedMark);
  struct Lines {
    std::vector<StringRef> All;
  };
  std::map<std::string, Lines> Files;
  Lines *Current = nullptr;
  size_t Next = 0;
  for (StringRef Line : split(Text, '\n')) {
    if (auto Marker = readMarker(Line)) {
      bool IsFile = !StringRef(Marker->second).starts_with("<") &&
                    !StringRef(Marker->second).starts_with(HeaderRoot);
      if (IsFile && Source.Main.empty())
        Source.Main = Marker->second;
      Current = IsFile ? &Files[Marker->second] : nullptr;
      Next = Marker->first;
      continue;
    }
    constexpr size_t MostLines = 1 << 20; // `#line` can say anything
    if (!Current || Next == 0 || Next > MostLines)
      continue;
    if (Current->All.size() < Next)
      Current->All.resize(Next);
    Current->All[Next++ - 1] = Line;
  }
  for (auto &[Name, L] : Files)
    Source.Texts[Name] = join(L.All, "\n") + "\n";
  return Source;
}

} // namespace bpfcc
