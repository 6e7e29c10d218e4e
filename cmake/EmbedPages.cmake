# cmake -DOUTPUT=x.cpp -DPAGES=a.md;b.md -P EmbedPages.cmake
#
# Writes the pages of docs/codes as rows of a table, for
# tools/bpfcc/ExplainPages.h.
string(APPEND TEXT "#include \"tools/bpfcc/ExplainPages.h\"\n\n"
                   "namespace bpfcc::tools {\n\n"
                   "static constexpr Page Pages[] = {\n")
foreach(PAGE ${PAGES})
  get_filename_component(NAME ${PAGE} NAME_WE)
  file(READ ${PAGE} BODY)
  string(APPEND TEXT "{\"${NAME}\", R\"page(${BODY})page\"},\n")
endforeach()
string(APPEND TEXT "};\n\n"
                   "llvm::ArrayRef<Page> pages() { return Pages; }\n\n"
                   "} // namespace bpfcc::tools\n")
file(WRITE ${OUTPUT} "${TEXT}")
