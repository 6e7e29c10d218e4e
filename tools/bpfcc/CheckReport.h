#ifndef BPFCC_TOOLS_BPFCC_CHECKREPORT_H
#define BPFCC_TOOLS_BPFCC_CHECKREPORT_H

#include "tools/bpfcc/Judge.h"

namespace bpfcc::tools {

/// What `bpfcc check` has to report.
struct CheckReport {
  struct Row {
    std::string File;
    Judgement J;
  };
  std::vector<Row> Rows;
  std::vector<Diagnostic> Findings;
};

/// A line for each program and kernel.
void printTable(llvm::raw_ostream &OS, const CheckReport &R);
/// The same with veristat's names of columns.
void printCsv(llvm::raw_ostream &OS, const CheckReport &R);
/// One object: `programs`, the rows, and `findings`.
void printJson(llvm::raw_ostream &OS, const CheckReport &R);
/// A log of SARIF 2.1.0 with the findings as results.
void printSarif(llvm::raw_ostream &OS, const CheckReport &R);

/// Prints each row of \p R beside that of the same program and kernel in
/// \p Baseline, a file that printCsv or veristat wrote. Errors: CannotOpen,
/// BadOption if it is no such file.
llvm::Error printComparison(llvm::raw_ostream &OS, const CheckReport &R,
                            llvm::StringRef Baseline);

/// `accepted`, `rejected` or `unjudged`.
llvm::StringRef verdictName(verify::Verdict V);
/// Bytes of stack of the program and all that it calls.
unsigned stackBytes(const verify::Statistics &S);

} // namespace bpfcc::tools

#endif
