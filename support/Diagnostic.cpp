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

static void printSourceLine(llvm::raw_ostream &OS, const SourceLoc &Loc) {
  // An object may name any file as its source.
  if (!llvm::sys::fs::is_regular_file(Loc.File))
    return;
  auto Buffer = llvm::MemoryBuffer::getFile(Loc.File, /*IsText=*/true);
  if (!Buffer)
    return;
  llvm::StringRef Rest = (*Buffer)->getBuffer();
  for (unsigned Line = 1; Line < Loc.Line && !Rest.empty(); ++Line)
    Rest = Rest.split('\n').second;
  llvm::StringRef Text = Rest.split('\n').first.rtrim("\r");
  constexpr size_t MaxShown = 200;
  if (Text.empty() || Text.size() > MaxShown)
    return;
  OS << llvm::format("%5u | ", Loc.Line) << Text << '\n';
  if (Loc.Column == 0 || Loc.Column > Text.size())
    return;
  OS << "      | ";
  for (char C : Text.take_front(Loc.Column - 1))
    OS << (C == '\t' ? '\t' : ' ');
  OS << "^\n";
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

void printHeadline(llvm::raw_ostream &OS, const Diagnostic &D) {
  if (D.Loc.File.empty())
    OS << "bpfcc: ";
  else {
    OS << D.Loc.File << ':';
    if (D.Loc.Line)
      OS << D.Loc.Line << ':';
    if (D.Loc.Line && D.Loc.Column)
      OS << D.Loc.Column << ':';
    OS << ' ';
  }
  OS << severityName(D.Level) << ": " << D.Message
     << llvm::format(" [BPF%04u]\n", unsigned(D.Code));
}

void printDiagnostic(llvm::raw_ostream &OS, const Diagnostic &D) {
  printHeadline(OS, D);
  if (D.Loc.Line)
    printSourceLine(OS, D.Loc);
  if (!D.Help.empty())
    OS << "  = help: " << D.Help << '\n';
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
