# cmake -DOUTPUT=x.cpp -DPAGE=ReportPage.html -P EmbedReport.cmake
#
# Writes the page of `bpfcc check --html` as a string, for
# tools/bpfcc/HtmlReport.h.
file(READ ${PAGE} BODY)
file(WRITE ${OUTPUT} "#include \"tools/bpfcc/HtmlReport.h\"\n\n"
                     "namespace bpfcc::tools {\n\n"
                     "const char *const ReportPage = R\"page(${BODY})page\";\n\n"
                     "} // namespace bpfcc::tools\n")
