#ifndef BPFCC_TOOLS_GEN_TEXT_H
#define BPFCC_TOOLS_GEN_TEXT_H

#include "tools/gen/CTypes.h"
#include "tools/gen/Model.h"

#include "llvm/Support/raw_ostream.h"

namespace bpfcc::gen {

/// \p Template with each `@` replaced by \p Name.
std::string fill(llvm::StringRef Template, llvm::StringRef Name);

/// \p Bytes as string literals of C, one a line, behind \p Indent tabs.
void printBytes(llvm::raw_ostream &OS, llvm::StringRef Bytes, unsigned Indent);

/// \p Bytes as `\x00` escapes, of which some stand on a line; \p Between the
/// lines.
void printHex(llvm::raw_ostream &OS, llvm::StringRef Bytes,
              llvm::StringRef Between);

/// `#ifndef` and `#define` of a header for an object called \p Name, or its
/// `#endif`; \p Kind is SKEL or SUBSKEL.
void printGuard(llvm::raw_ostream &OS, llvm::StringRef Name,
                llvm::StringRef Kind);
void printGuardEnd(llvm::raw_ostream &OS, llvm::StringRef Name,
                   llvm::StringRef Kind);

/// The members `maps` and `progs`, a pointer for each map and program; nothing
/// where there are none.
void printMapMembers(llvm::raw_ostream &OS, const Model &M);
void printProgramMembers(llvm::raw_ostream &OS, const Model &M);

/// The members `struct NAME__bss { variables } *bss;`, one for each map whose
/// value is mapped. Fails where variables overlap.
llvm::Error printData(llvm::raw_ostream &OS, const Model &M, CTypes &Types);

/// A function that compiles only where the variables of printData() have the
/// sizes and places that they have in BPF.
void printDataChecks(llvm::raw_ostream &OS, const Model &M);

} // namespace bpfcc::gen

#endif
