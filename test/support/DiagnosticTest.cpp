#include "support/Diagnostic.h"
#include "support/ExitCode.h"

#include "gtest/gtest.h"

using namespace bpfcc;

TEST(Diagnostic, SaysWhereWhatAndWhatToDo) {
  llvm::Error E =
      withHelp(diagError(DiagCode::StackTooLarge, {"a.c", 3, 7}, "f", 600, 512),
               "use a map");
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  EXPECT_EQ(reportErrors(OS, std::move(E)), ExitUserError);
  EXPECT_EQ(Text, "a.c:3:7: error: stack of `f` needs 600 bytes, the limit is "
                  "512 [BPF0201]\n  = help: use a map\n");
}

TEST(Diagnostic, InternalErrorsExitWithTwo) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  llvm::Error E = llvm::joinErrors(diagError(DiagCode::FloatUnsupported, {}),
                                   diagError(DiagCode::Internal, {}, "x"));
  EXPECT_EQ(reportErrors(OS, std::move(E)), ExitInternalError);
}
