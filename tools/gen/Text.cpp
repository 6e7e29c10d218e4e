#include "tools/gen/Text.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace bpfcc::gen {

std::string fill(StringRef Template, StringRef Name) {
  std::string Text;
  for (char C : Template)
    if (C == '@')
      Text += Name;
    else
      Text += C;
  return Text;
}

/// Digits stand as escapes, so that none goes on with one before it.
static void printByte(raw_ostream &OS, unsigned char C) {
  if (isPrint(C) && !isDigit(C) && C != '"' && C != '\\' && C != '?')
    OS << C;
  else if (C < 8)
    OS << '\\' << char('0' + C);
  else if (C < 64)
    OS << '\\' << char('0' + C / 8) << char('0' + C % 8);
  else
    OS << '\\' << char('0' + C / 64) << char('0' + C / 8 % 8)
       << char('0' + C % 8);
}

void printBytes(raw_ostream &OS, StringRef Bytes, unsigned Indent) {
  constexpr size_t Width = 76;
  std::string Line;
  raw_string_ostream LineOS(Line);
  auto Flush = [&] {
    OS << std::string(Indent, '\t') << '"' << Line << '"';
    Line.clear();
  };
  for (char C : Bytes) {
    if (Line.size() >= Width) {
      Flush();
      OS << '\n';
    }
    printByte(LineOS, static_cast<unsigned char>(C));
  }
  Flush();
}

void printHex(raw_ostream &OS, StringRef Bytes, StringRef Between) {
  constexpr size_t Width = 24;
  for (size_t At = 0; At < Bytes.size(); At += Width) {
    if (At)
      OS << Between;
    for (char C : Bytes.substr(At, Width))
      OS << "\\x" << hexdigit(uint8_t(C) >> 4, /*LowerCase=*/true)
         << hexdigit(C & 15, /*LowerCase=*/true);
  }
}

static std::string guard(StringRef Name, StringRef Kind) {
  return ("__" + Name.upper() + "_" + Kind + "_H__").str();
}

void printGuard(raw_ostream &OS, StringRef Name, StringRef Kind) {
  OS << "#ifndef " << guard(Name, Kind) << "\n#define " << guard(Name, Kind)
     << "\n\n";
}

void printGuardEnd(raw_ostream &OS, StringRef Name, StringRef Kind) {
  OS << "\n#endif /* " << guard(Name, Kind) << " */\n";
}

static Error printVariables(raw_ostream &OS, const Map &In, CTypes &Types) {
  uint64_t End = 0;
  unsigned Gaps = 0;
  for (const Variable &V : In.Variables) {
    if (V.Offset < End)
      return diagError(DiagCode::BadObject, {},
                       "`" + V.Name + "` of section `" + In.Section +
                           "` lies over the variable before it");
    if (V.Offset > End)
      OS << formatv("\t\tchar __pad{0}[{1}];\n", Gaps++, V.Offset - End);
    auto Text = Types.declare(V.Type, identifier(V.Name), 2);
    if (!Text)
      return Text.takeError();
    OS << "\t\t" << *Text << ";\n";
    End = V.Offset + V.Size;
  }
  return Error::success();
}

void printMapMembers(raw_ostream &OS, const Model &M) {
  if (!M.Maps.empty()) {
    OS << "\tstruct {\n";
    for (const Map &In : M.Maps)
      OS << "\t\tstruct bpf_map *" << In.Ident << ";\n";
    OS << "\t} maps;\n";
  }
}

void printProgramMembers(raw_ostream &OS, const Model &M) {
  if (!M.Programs.empty()) {
    OS << "\tstruct {\n";
    for (const Program &P : M.Programs)
      OS << "\t\tstruct bpf_program *" << P.Name << ";\n";
    OS << "\t} progs;\n";
  }
}

Error printData(raw_ostream &OS, const Model &M, CTypes &Types) {
  for (const Map &In : M.Maps) {
    if (In.Mapped.empty())
      continue;
    OS << "\tstruct " << M.Name << "__" << In.Mapped << " {\n";
    if (Error E = printVariables(OS, In, Types))
      return E;
    OS << "\t} *" << In.Mapped << ";\n";
  }
  return Error::success();
}

void printDataChecks(raw_ostream &OS, const Model &M) {
  OS << fill(R"(
static inline void __attribute__((unused))
@__assert(struct @ *s __attribute__((unused)))
{
#ifdef __cplusplus
#define _Static_assert static_assert
#endif
)",
             M.Name);
  for (const Map &In : M.Maps)
    if (!In.Mapped.empty())
      for (const Variable &V : In.Variables)
        OS << formatv("\t_Static_assert(sizeof(s->{0}->{1}) == {2}, \"`{1}` "
                      "has {2} bytes in BPF\");\n",
                      In.Mapped, identifier(V.Name), V.Size);
  OS << R"(#ifdef __cplusplus
#undef _Static_assert
#endif
}
)";
}

} // namespace bpfcc::gen
