#include "support/Diagnostic.h"
#include "support/ExitCode.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

namespace bpfcc {

char DiagnosticError::ID;
char AlreadyReported::ID;

const char *diagFormat(DiagCode Code) {
  switch (Code) {
#define DIAG(Name, Number, Level, Message)                                     \
  case DiagCode::Name:                                                         \
    return Message;
#include "support/diagnostics.def"
  }
  return "{0}";
}

Severity diagSeverity(DiagCode Code) {
  switch (Code) {
#define DIAG(Name, Number, Level, Message)                                     \
  case DiagCode::Name:                                                         \
    return Severity::Level;
#include "support/diagnostics.def"
  }
  return Severity::Error;
}

void DiagnosticError::log(llvm::raw_ostream &OS) const {
  printDiagnostic(OS, Diag);
}

std::error_code DiagnosticError::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

void AlreadyReported::log(llvm::raw_ostream &OS) const {
  OS << "already reported";
}

std::error_code AlreadyReported::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

llvm::Error withHelp(llvm::Error E, llvm::StringRef Help) {
  return llvm::handleErrors(
      std::move(E), [&](const DiagnosticError &DE) -> llvm::Error {
        Diagnostic D = DE.diagnostic();
        D.Help = Help.str();
        return llvm::make_error<DiagnosticError>(std::move(D));
      });
}

namespace {
/// Colours what is printed while it lives, where colours are seen.
class Paint {
public:
  Paint(llvm::raw_ostream &OS, llvm::raw_ostream::Colors Colour) : OS(OS) {
    if (OS.has_colors())
      OS.changeColor(Colour, /*Bold=*/true);
  }
  ~Paint() {
    if (OS.has_colors())
      OS.resetColor();
  }
  template <typename T> Paint &operator<<(const T &What) {
    OS << What;
    return *this;
  }

private:
  llvm::raw_ostream &OS;
};
} // namespace

static llvm::raw_ostream::Colors severityColour(Severity S) {
  switch (S) {
  case Severity::Note:
    return llvm::raw_ostream::CYAN;
  case Severity::Warning:
    return llvm::raw_ostream::MAGENTA;
  case Severity::Error:
    return llvm::raw_ostream::RED;
  }
  return llvm::raw_ostream::RED;
}

static const char *severityName(Severity S) {
  switch (S) {
  case Severity::Note:
    return "note";
  case Severity::Warning:
    return "warning";
  case Severity::Error:
    return "error";
  }
  return "error";
}

/// Line \p Number of \p File; empty if there is none. An object may name any
/// file as its source.
static std::string lineOfFile(const std::string &File, unsigned Number) {
  if (!llvm::sys::fs::is_regular_file(File))
    return "";
  auto Buffer = llvm::MemoryBuffer::getFile(File, /*IsText=*/true);
  if (!Buffer)
    return "";
  llvm::StringRef Rest = (*Buffer)->getBuffer();
  for (unsigned Line = 1; Line < Number && !Rest.empty(); ++Line)
    Rest = Rest.split('\n').second;
  return Rest.split('\n').first.rtrim("\r").str();
}

static void printSourceLine(llvm::raw_ostream &OS, const SourceLoc &Loc,
                            const std::string &Known) {
  if (!Loc.Line)
    return;
  std::string Text = lineOfFile(Loc.File, Loc.Line);
  if (Text.empty())
    Text = Known;
  constexpr size_t MaxShown = 200;
  if (Text.empty() || Text.size() > MaxShown)
    return;
  OS << llvm::format("%5u | ", Loc.Line) << Text << '\n';
  if (Loc.Column == 0 || Loc.Column > Text.size())
    return;
  OS << "      | ";
  for (char C : llvm::StringRef(Text).take_front(Loc.Column - 1))
    OS << (C == '\t' ? '\t' : ' ');
  Paint(OS, llvm::raw_ostream::GREEN) << "^\n";
}

std::string takeMessages(llvm::Error E) {
  std::string All;
  llvm::handleAllErrors(std::move(E), [&](const llvm::ErrorInfoBase &Info) {
    All += All.empty() ? "" : "; ";
    All += Info.isA<DiagnosticError>()
               ? static_cast<const DiagnosticError &>(Info).diagnostic().Message
               : Info.message();
  });
  return All;
}

static void printPlace(llvm::raw_ostream &OS, const SourceLoc &Loc) {
  if (Loc.File.empty()) {
    OS << "bpfcc: ";
    return;
  }
  OS << Loc.File << ':';
  if (Loc.Line)
    OS << Loc.Line << ':';
  if (Loc.Line && Loc.Column)
    OS << Loc.Column << ':';
  OS << ' ';
}

void printHeadline(llvm::raw_ostream &OS, const Diagnostic &D) {
  printPlace(OS, D.Loc);
  Paint(OS, severityColour(D.Level)) << severityName(D.Level) << ": ";
  OS << D.Message << llvm::format(" [BPF%04u", unsigned(D.Code));
  if (!D.Option.empty())
    OS << ',' << D.Option;
  OS << "]\n";
}

void printDiagnostic(llvm::raw_ostream &OS, const Diagnostic &D) {
  printHeadline(OS, D);
  printSourceLine(OS, D.Loc, D.Source);
  if (!D.Help.empty())
    OS << "  = help: " << D.Help << '\n';
  for (const DiagnosticNote &N : D.Notes) {
    printPlace(OS, N.Loc);
    Paint(OS, severityColour(Severity::Note)) << "note: ";
    OS << N.Message << '\n';
    printSourceLine(OS, N.Loc, N.Source);
  }
}

int reportErrors(llvm::raw_ostream &OS, llvm::Error E) {
  int Exit = ExitOk;
  llvm::handleAllErrors(
      std::move(E),
      [&](const DiagnosticError &DE) {
        const Diagnostic &D = DE.diagnostic();
        printDiagnostic(OS, D);
        if (D.Code == DiagCode::Internal)
          Exit = ExitInternalError;
        else if (D.Level == Severity::Error && Exit == ExitOk)
          Exit = ExitUserError;
      },
      [&](const AlreadyReported &) {
        if (Exit == ExitOk)
          Exit = ExitUserError;
      },
      [&](const llvm::ErrorInfoBase &EI) {
        OS << "bpfcc: error: " << EI.message() << '\n';
        if (Exit == ExitOk)
          Exit = ExitUserError;
      });
  return Exit;
}

} // namespace bpfcc
