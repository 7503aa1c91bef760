# Programs compiled without exceptions, by g++ and by clang++, can use every public header. Those for an
# event loop are left out: that is for the loop's own headers to say.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)

file(GLOB_RECURSE headers RELATIVE ${library}/include ${library}/include/*.hpp)
list(FILTER headers EXCLUDE REGEX "/adapters/")
set(includes)
foreach(header IN LISTS headers)
  list(APPEND includes -include ${header})
endforeach()
foreach(each IN LISTS compilers)
  run(${each} -std=c++17 -fno-exceptions -fno-rtti -fsyntax-only -Wall -Wextra -Wpedantic -Werror
      -I${library}/include ${includes} ${here}/no_exceptions.cpp)
endforeach()
