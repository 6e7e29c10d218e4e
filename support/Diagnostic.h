#ifndef BPFCC_SUPPORT_DIAGNOSTIC_H
#define BPFCC_SUPPORT_DIAGNOSTIC_H

#include "llvm/Support/Error.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace bpfcc {

enum class Severity { Note, Warning, Error };

/// Stable codes, one for each row of diagnostics.def; the value is the number
/// that the user sees (BPF0201 is 201).
enum class DiagCode : uint16_t {
#define DIAG(Name, Number, Level, Message) Name = Number,
#include "support/diagnostics.def"
};

/// The format string of \p Code, for llvm::formatv.
const char *diagFormat(DiagCode Code);
Severity diagSeverity(DiagCode Code);

/// A place in what the user wrote. Line and Column count from 1; 0 is unknown.
struct SourceLoc {
  std::string File;
  unsigned Line = 0;
  unsigned Column = 0;
};

/// A step that leads to what is wrong.
struct DiagnosticNote {
  SourceLoc Loc;
  std::string Message;
  std::string Source; ///< as in Diagnostic
};

struct Diagnostic {
  DiagCode Code;
  Severity Level;
  SourceLoc Loc;
  std::string Message;
  std::string Help; ///< what to do instead; empty if the message says it
  std::vector<DiagnosticNote> Notes = {};
  std::string Source = {}; ///< the line at Loc, for where there is no such file
  std::string Option = {}; ///< what turns it off, or made an error of it
};

/// The error value that carries a Diagnostic through llvm::Expected. Several
/// are joined with llvm::joinErrors.
class DiagnosticError : public llvm::ErrorInfo<DiagnosticError> {
public:
  static char ID;
  explicit DiagnosticError(Diagnostic D) : Diag(std::move(D)) {}
  const Diagnostic &diagnostic() const { return Diag; }
  void log(llvm::raw_ostream &OS) const override;
  std::error_code convertToErrorCode() const override;

private:
  Diagnostic Diag;
};

/// The failure of something that has already told the user why, as Clang does
/// with its own diagnostics.
class AlreadyReported : public llvm::ErrorInfo<AlreadyReported> {
public:
  static char ID;
  void log(llvm::raw_ostream &OS) const override;
  std::error_code convertToErrorCode() const override;
};

/// Builds the error for \p Code at \p Loc; \p Args fill the row's message.
template <typename... Ts>
llvm::Error diagError(DiagCode Code, SourceLoc Loc, Ts &&...Args) {
  std::string Text =
      llvm::formatv(false, diagFormat(Code), std::forward<Ts>(Args)...).str();
  return llvm::make_error<DiagnosticError>(Diagnostic{
      Code, diagSeverity(Code), std::move(Loc), std::move(Text), {}});
}

/// Adds the line that says what to do instead.
llvm::Error withHelp(llvm::Error E, llvm::StringRef Help);

/// Consumes \p E and gives its messages alone, joined by "; ": for quoting one
/// diagnostic inside another.
std::string takeMessages(llvm::Error E);

/// Prints \p D as `file:line:col: error: message [BPFnnnn]`.
void printHeadline(llvm::raw_ostream &OS, const Diagnostic &D);

/// Prints \p D as `file:line:col: error: message [BPFnnnn]`, then the source
/// line with a caret if it is known, the help, and the notes.
void printDiagnostic(llvm::raw_ostream &OS, const Diagnostic &D);

/// Prints each error inside \p E and consumes it. Errors that are no
/// DiagnosticError are printed as `bpfcc: error: text`. Returns the exit code
/// that they ask for: ExitUserError, or ExitInternalError if any is Internal.
int reportErrors(llvm::raw_ostream &OS, llvm::Error E);

} // namespace bpfcc

#endif
