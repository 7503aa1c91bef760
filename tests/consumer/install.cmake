# Installs `components`, which commas separate, for the tests of find_package(). The static ones are
# there already, in `binary`; the shared ones are built, in as few files as an application may ask for.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)
string(REPLACE "," ";" components "${components}")

if(linkage STREQUAL "shared")
  set(binary ${work}/build)
  set(build_type Debug)
  set(options)
  foreach(each IN ITEMS client webhook testkit sqlite postgres)
    string(TOUPPER ${each} name)
    if(each IN_LIST components)
      list(APPEND options -DSTRIPE_RETURN_${name}=ON)
    else()
      list(APPEND options -DSTRIPE_RETURN_${name}=OFF)
    endif()
  endforeach()
  configure(
    ${library}
    ${binary}
    ${options}
    -DBUILD_SHARED_LIBS=ON
    -DCMAKE_BUILD_TYPE=${build_type}
    -DCMAKE_INSTALL_LIBDIR=lib
    -DCMAKE_UNITY_BUILD=ON
    -DCMAKE_UNITY_BUILD_BATCH_SIZE=0
    -DSTRIPE_RETURN_FAKE_STRIPE=OFF
    -DSTRIPE_RETURN_PROGRAM=OFF
    -DSTRIPE_RETURN_EXAMPLES=OFF
    -DSTRIPE_RETURN_TESTS=OFF)
  build(${binary})
endif()

# It is moved afterwards, as packages are.
file(REMOVE_RECURSE ${prefix})
run(${CMAKE_COMMAND} --install ${binary} --config ${build_type} --prefix ${work}/prefix)
file(RENAME ${work}/prefix ${prefix})

set(headers export.hpp ${components})
if("client" IN_LIST components)
  list(APPEND headers stripe_return.hpp)
endif()
set(expected)
foreach(each IN LISTS headers)
  if(IS_DIRECTORY ${library}/include/stripe_return/${each})
    file(GLOB_RECURSE files RELATIVE ${library}/include ${library}/include/stripe_return/${each}/*)
    list(APPEND expected ${files})
  elseif(EXISTS ${library}/include/stripe_return/${each})
    list(APPEND expected stripe_return/${each})
  endif()
endforeach()
expect_files(${prefix}/include ${expected})

string(TOLOWER ${build_type} file_name_of_type)
set(expected stripe_returnConfig.cmake stripe_returnConfigVersion.cmake)
foreach(each IN LISTS components)
  list(APPEND expected stripe_return_${each}.cmake stripe_return_${each}-${file_name_of_type}.cmake)
endforeach()
expect_files(${prefix}/lib/cmake/stripe_return ${expected})

list(TRANSFORM components REPLACE "(.+)" "stripe_return_\\1.pc" OUTPUT_VARIABLE expected)
expect_files(${prefix}/lib/pkgconfig ${expected})

file(GLOB installed RELATIVE ${prefix} ${prefix}/* ${prefix}/bin/*)
if(EXISTS ${prefix}/bin/stripe-return)
  expect_files(${prefix}/share man/man1/stripe-return.1.gz
               bash-completion/completions/stripe-return)
  list(REMOVE_ITEM installed bin bin/stripe-return share)
endif()
if(NOT installed STREQUAL "include;lib")
  message(FATAL_ERROR "Installed were ${installed}")
endif()
list(JOIN components "|" any_component)
file(GLOB installed RELATIVE ${prefix}/lib ${prefix}/lib/*)
foreach(each IN LISTS installed)
  if(NOT each MATCHES "^(cmake|pkgconfig|libstripe_return_(${any_component})\\.[a-z]+[0-9.]*)$")
    message(FATAL_ERROR "Installed was lib/${each}")
  endif()
endforeach()
