#ifndef BPFCC_TEST_TOOLS_PROGLOAD_LEGACYOBJECT_H
#define BPFCC_TEST_TOOLS_PROGLOAD_LEGACYOBJECT_H

#include "KernelObject.h"

namespace bpfcc {

/// What a program is by its names, where libbpf does not know the section, as
/// in old samples.
bpf_prog_type guessType(const std::string &Section, const std::string &Program);

/// The programs of an object with maps in section `maps`, which libbpf refuses
/// since 1.0; empty if our loader does not read it either.
std::vector<ProgramName> legacyPrograms(const std::string &File);

} // namespace bpfcc

#endif
