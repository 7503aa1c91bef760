# Programs compiled without exceptions and RTTI, by g++ and by clang++, can include every public header
# and use the library. Headers for an event loop are left out: that is for the loop's own to say.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)

file(GLOB_RECURSE headers RELATIVE ${library}/include ${library}/include/*.hpp)
list(FILTER headers EXCLUDE REGEX "/adapters/")
set(includes)
foreach(header IN LISTS headers)
  list(APPEND includes -include ${header})
endforeach()
file(MAKE_DIRECTORY ${work})
foreach(each IN LISTS compilers)
  run(${each} -std=c++17 -fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Werror -I${library}/include
      ${includes} ${here}/no_exceptions.cpp -o ${work}/program -L${prefix}/lib -lstripe_return_client
      -lstripe_return_core -Wl,-rpath,${prefix}/lib)
  run(${work}/program)
endforeach()
