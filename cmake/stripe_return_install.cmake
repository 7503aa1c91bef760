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
    STATIC_REQUIRES "libcurl >= 7.87"
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
if(TARGET stripe_return_testing)
  list(APPEND stripe_return_installed testing)
  install(TARGETS stripe_return_testing EXPORT stripe_return_testing)
  set(stripe_return_signer)
  if(TARGET stripe_return_webhook)
    set(stripe_return_signer "libcrypto >= 3.0")
  endif()
  stripe_return_install_pkg_config(testing REQUIRES client
                                   STATIC_REQUIRES ${stripe_return_signer})
  install(DIRECTORY include/stripe_return/testing
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stripe_return
          PATTERN store_conformance.hpp EXCLUDE) # until stripe_return::fulfillment is installed
endif()
if(TARGET stripe-return)
  install(TARGETS stripe-return COMPONENT stripe_return_program)
endif()

# A development tool: installed by `cmake --install BUILD --component fake_stripe` and by nothing else.
if(TARGET stripe_return_fake_stripe)
  list(APPEND stripe_return_installed fake_stripe)
  set(stripe_return_apart COMPONENT fake_stripe EXCLUDE_FROM_ALL)
  install(TARGETS fake-stripe RUNTIME ${stripe_return_apart})
  install(TARGETS stripe_return_fake_stripe EXPORT stripe_return_fake_stripe
          LIBRARY ${stripe_return_apart} ARCHIVE ${stripe_return_apart})
  stripe_return_install_pkg_config(
    fake_stripe
    REQUIRES testing
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
