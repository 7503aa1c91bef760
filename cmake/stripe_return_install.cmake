# find_package(stripe_return COMPONENTS core client) for those who install it.

include(CMakePackageConfigHelpers)
include(${CMAKE_CURRENT_LIST_DIR}/stripe_return_pkg_config.cmake)

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME stripe_return_development)
set(stripe_return_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/stripe_return)
set(stripe_return_installed core)
install(TARGETS stripe_return_core EXPORT stripe_return_core)
stripe_return_install_pkg_config(core)
install(DIRECTORY include/stripe_return/core
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stripe_return)
install(FILES include/stripe_return/export.hpp
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stripe_return)
if(TARGET stripe_return_client)
  list(APPEND stripe_return_installed client)
  install(TARGETS stripe_return_client EXPORT stripe_return_client)
  list(TRANSFORM CMAKE_DL_LIBS PREPEND -l OUTPUT_VARIABLE stripe_return_dl_libs)
  stripe_return_install_pkg_config(
    client
    REQUIRES core
    STATIC_REQUIRES "libcurl >= 7.76"
    STATIC_LIBS -pthread ${stripe_return_dl_libs})
  install(DIRECTORY include/stripe_return/client
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stripe_return)
  install(FILES include/stripe_return/stripe_return.hpp
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stripe_return)
endif()
if(TARGET stripe_return_webhook)
  list(APPEND stripe_return_installed webhook)
  install(TARGETS stripe_return_webhook EXPORT stripe_return_webhook)
  stripe_return_install_pkg_config(webhook REQUIRES core STATIC_REQUIRES "libcrypto >= 3.0")
  install(DIRECTORY include/stripe_return/webhook
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stripe_return)
endif()
if(TARGET stripe_return_orders)
  list(APPEND stripe_return_installed orders)
  install(TARGETS stripe_return_orders EXPORT stripe_return_orders)
  stripe_return_install_pkg_config(orders REQUIRES client webhook)
  install(DIRECTORY include/stripe_return/orders
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stripe_return)
endif()
# stripe_return_install_store(NAME PKG_CONFIG_MODULE)
macro(stripe_return_install_store store pkg_config_module)
  if(TARGET stripe_return_${store})
    list(APPEND stripe_return_installed ${store})
    install(TARGETS stripe_return_${store} EXPORT stripe_return_${store})
    stripe_return_install_pkg_config(${store} REQUIRES orders STATIC_REQUIRES ${pkg_config_module})
    install(DIRECTORY include/stripe_return/${store}
            DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stripe_return)
  endif()
endmacro()
stripe_return_install_store(sqlite sqlite3)
stripe_return_install_store(postgres libpq)
if(TARGET stripe_return_testkit)
  list(APPEND stripe_return_installed testkit)
  install(TARGETS stripe_return_testkit EXPORT stripe_return_testkit)
  set(stripe_return_signer)
  if(TARGET stripe_return_webhook)
    set(stripe_return_signer "libcrypto >= 3.0")
  endif()
  set(stripe_return_tested client)
  set(stripe_return_left_out PATTERN "*store_conformance.hpp" EXCLUDE)
  if(TARGET stripe_return_orders)
    set(stripe_return_tested orders)
    set(stripe_return_left_out)
  endif()
  stripe_return_install_pkg_config(
    testkit
    REQUIRES ${stripe_return_tested}
    STATIC_REQUIRES ${stripe_return_signer}
    STATIC_LIBS -pthread)
  install(DIRECTORY include/stripe_return/testkit
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stripe_return ${stripe_return_left_out})
endif()
# stripe_return_install_program(NAME WHERE...) installs a program with its man page, compressed as Debian
# wants it, and its completion for bash.
function(stripe_return_install_program name)
  find_program(STRIPE_RETURN_GZIP gzip REQUIRED)
  get_target_property(folder ${name} SOURCE_DIR)
  set(page ${PROJECT_BINARY_DIR}/${name}.1)
  add_custom_command(
    OUTPUT ${page}.gz
    COMMAND ${CMAKE_COMMAND} -E copy ${folder}/${name}.1 ${page}
    COMMAND ${STRIPE_RETURN_GZIP} -9nf ${page}
    DEPENDS ${folder}/${name}.1
    VERBATIM)
  add_custom_target(${name}_man_page DEPENDS ${page}.gz)
  add_dependencies(${name} ${name}_man_page)
  install(TARGETS ${name} RUNTIME ${ARGN})
  install(FILES ${page}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 ${ARGN})
  install(FILES ${PROJECT_SOURCE_DIR}/src/program/completion.bash RENAME ${name}
          DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions ${ARGN})
endfunction()
if(TARGET stripe-return)
  stripe_return_install_program(stripe-return COMPONENT stripe_return_program)
endif()

# A development tool: installed by `cmake --install BUILD --component fake_stripe` and by nothing else.
if(TARGET stripe_return_fake_stripe)
  list(APPEND stripe_return_installed fake_stripe)
  set(stripe_return_apart COMPONENT fake_stripe EXCLUDE_FROM_ALL)
  stripe_return_install_program(fake-stripe ${stripe_return_apart})
  install(TARGETS stripe_return_fake_stripe EXPORT stripe_return_fake_stripe
          LIBRARY ${stripe_return_apart} ARCHIVE ${stripe_return_apart})
  stripe_return_install_pkg_config(
    fake_stripe
    REQUIRES testkit
    STATIC_REQUIRES cpp-httplib libssl libcrypto
    STATIC_LIBS -pthread
    INSTALL ${stripe_return_apart})
  install(DIRECTORY include/stripe_return/fake_stripe
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stripe_return ${stripe_return_apart})
endif()

foreach(component IN LISTS stripe_return_installed)
  set(stripe_return_where)
  if(component STREQUAL "fake_stripe")
    set(stripe_return_where ${stripe_return_apart})
  endif()
  install(EXPORT stripe_return_${component} NAMESPACE stripe_return::
          DESTINATION ${stripe_return_package_dir} ${stripe_return_where})
endforeach()
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/stripe_returnConfig.cmake.in
  ${PROJECT_BINARY_DIR}/stripe_returnConfig.cmake INSTALL_DESTINATION ${stripe_return_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/stripe_returnConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/stripe_returnConfig.cmake
              ${PROJECT_BINARY_DIR}/stripe_returnConfigVersion.cmake
        DESTINATION ${stripe_return_package_dir})
