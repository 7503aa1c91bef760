# find_package(stripe_return COMPONENTS ...) in a project that only knows the prefix.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)

set(consumer ${here}/installed ${work}/build -Dhere=${here} -DCMAKE_PREFIX_PATH=${prefix}
             -Dlinkage=${linkage})
configure(${consumer} -Dversion=${version} -Dcomponent=${component})
build(${work}/build)
if(component STREQUAL "client")
  run_tests(${work}/build 2)
  if(linkage STREQUAL "static")
    # A project that has found CURL by itself.
    configure(${consumer} -Dversion=${version} -Dcomponent=client -Dcurl_first=ON)
  endif()
elseif(component STREQUAL "sqlite")
  run_tests(${work}/build 5) # with what it stands on
elseif(component STREQUAL "everything")
  run_tests(${work}/build 8)
else()
  run_tests(${work}/build 1)
  configure_in_vain("NOT FOUND" ${consumer} -Dversion=${version} -Dcomponent=no_such_component)
  configure_in_vain("version" ${consumer} -Dversion=99.0 -Dcomponent=core)
  if(linkage STREQUAL "shared")
    configure(${consumer} -Dversion=${version} -Dcomponent=everything)
  endif()
endif()
