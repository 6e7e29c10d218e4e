#ifndef BPFCC_TOOLS_BPFCC_HTMLREPORT_H
#define BPFCC_TOOLS_BPFCC_HTMLREPORT_H

#include "tools/bpfcc/CheckReport.h"

namespace bpfcc::tools {

/// tools/bpfcc/ReportPage.html, with `@DATA@` where the report's data goes.
extern const char *const ReportPage;

/// \p R as one page that needs nothing else: programs and kernels, the source
/// with the verifier's steps by line, the ways to findings. The judgements must
/// have Details. Sources are shown whole where they are still what the object
/// was compiled from.
std::string htmlReport(const CheckReport &R);

} // namespace bpfcc::tools

#endif
