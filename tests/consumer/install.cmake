# Installs the library for the tests of find_package(). `linkage` is static or shared; the shared one
# is the core alone.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)

set(headers core export.hpp)
set(libraries core)
if(linkage STREQUAL "static" AND client)
  list(APPEND headers client stripe_return.hpp)
  list(APPEND libraries client)
else()
  set(client OFF)
endif()
set(linkage_option) # static is the default
if(linkage STREQUAL "shared")
  set(linkage_option -DBUILD_SHARED_LIBS=ON)
endif()
configure(
  ${library}
  ${work}/build
  -DCMAKE_BUILD_TYPE=Debug
  -DCMAKE_INSTALL_LIBDIR=lib
  ${linkage_option}
  -DSTRIPE_RETURN_CLIENT=${client}
  -DSTRIPE_RETURN_WEBHOOK=OFF
  -DSTRIPE_RETURN_TESTING=OFF
  -DSTRIPE_RETURN_PROGRAM=OFF
  -DSTRIPE_RETURN_EXAMPLES=OFF
  -DSTRIPE_RETURN_TESTS=OFF)
build(${work}/build)

# It is moved afterwards, as packages are.
file(REMOVE_RECURSE ${prefix})
run(${CMAKE_COMMAND} --install ${work}/build --config Debug --prefix ${work}/prefix)
file(RENAME ${work}/prefix ${prefix})

set(expected)
foreach(each IN LISTS headers)
  if(IS_DIRECTORY ${library}/include/stripe_return/${each})
    file(GLOB_RECURSE files RELATIVE ${library}/include ${library}/include/stripe_return/${each}/*)
    list(APPEND expected ${files})
  else()
    list(APPEND expected stripe_return/${each})
  endif()
endforeach()
expect_files(${prefix}/include ${expected})

set(expected stripe_returnConfig.cmake stripe_returnConfigVersion.cmake)
foreach(each IN LISTS libraries)
  list(APPEND expected stripe_return_${each}.cmake stripe_return_${each}-debug.cmake)
endforeach()
expect_files(${prefix}/lib/cmake/stripe_return ${expected})

list(TRANSFORM libraries REPLACE "(.+)" "stripe_return_\\1.pc" OUTPUT_VARIABLE expected)
expect_files(${prefix}/lib/pkgconfig ${expected})

file(GLOB installed RELATIVE ${prefix} ${prefix}/*)
if(NOT installed STREQUAL "include;lib")
  message(FATAL_ERROR "Installed were ${installed}")
endif()
file(GLOB installed RELATIVE ${prefix}/lib ${prefix}/lib/*)
foreach(each IN LISTS installed)
  if(NOT each MATCHES "^(cmake|pkgconfig|libstripe_return_(core|client)\\.[a-z]+[0-9.]*)$")
    message(FATAL_ERROR "Installed was lib/${each}")
  endif()
endforeach()
