#include "runtime/api/Handles.h"
#include "support/Diagnostic.h"

using namespace llvm;
using namespace bpfcc;

struct bpfcc_error {
  Diagnostic Diag;
  std::string Text;
  int Errno = 0;
  bool IsFault = false;
  uint32_t Slot = 0;
  std::string Function, Instruction, What;
};

namespace bpfcc::api {

int fail(bpfcc_error **To, int Errno, Error E) {
  auto Out = std::make_unique<bpfcc_error>();
  handleAllErrors(
      std::move(E),
      [&](const RunFault &F) {
        Out->Diag = F.diagnostic();
        Out->IsFault = true;
        Out->Slot = F.Slot;
        Out->Function = F.Function;
        Out->Instruction = F.Instruction;
        Out->What = F.What;
      },
      [&](const DiagnosticError &D) { Out->Diag = D.diagnostic(); },
      [&](const ErrorInfoBase &Other) { // LLVM's own
        Out->Diag = {
            DiagCode::RunError, Severity::Error, {}, Other.message(), {}};
      });
  if (Out->Diag.Code == DiagCode::NoMemory)
    Errno = -ENOMEM;
  Out->Errno = Errno;
  if (!To)
    return Errno;
  raw_string_ostream OS(Out->Text);
  printHeadline(OS, Out->Diag);
  if (!Out->Diag.Help.empty())
    OS << "  = help: " << Out->Diag.Help << '\n';
  *To = Out.release();
  return Errno;
}

int fail(bpfcc_error **To, int Errno, const Twine &Message) {
  if (!To)
    return Errno;
  return fail(To, Errno, diagError(DiagCode::RunError, {}, Message.str()));
}

} // namespace bpfcc::api

const char *bpfcc_version(void) { return BPFCC_VERSION; }

const char *bpfcc_error_text(const bpfcc_error *E) { return E->Text.c_str(); }
const char *bpfcc_error_message(const bpfcc_error *E) {
  return E->Diag.Message.c_str();
}
unsigned bpfcc_error_code(const bpfcc_error *E) {
  return unsigned(E->Diag.Code);
}
int bpfcc_error_errno(const bpfcc_error *E) { return E->Errno; }
const char *bpfcc_error_file(const bpfcc_error *E) {
  return E->Diag.Loc.File.empty() ? nullptr : E->Diag.Loc.File.c_str();
}
unsigned bpfcc_error_line(const bpfcc_error *E) { return E->Diag.Loc.Line; }
const char *bpfcc_error_function(const bpfcc_error *E) {
  return E->IsFault ? E->Function.c_str() : nullptr;
}
uint32_t bpfcc_error_pc(const bpfcc_error *E) { return E->Slot; }
const char *bpfcc_error_instruction(const bpfcc_error *E) {
  return E->IsFault ? E->Instruction.c_str() : nullptr;
}
const char *bpfcc_error_fault(const bpfcc_error *E) {
  return E->IsFault ? E->What.c_str() : nullptr;
}
void bpfcc_error_free(bpfcc_error *E) { delete E; }
