# Debian packages, by cpack. As long as no ABI is promised (SOVERSION 0), the libraries are linked
# statically, and packages are made of static builds alone.
if(BUILD_SHARED_LIBS)
  return()
endif()

include(${CMAKE_CURRENT_LIST_DIR}/stripe_return_documentation.cmake)

set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each has its own
# A package has to name an address. The project has none that is everybody's: SECURITY.md and its
# commits say whom to write to.
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The stripe_return authors <authors@stripe-return.invalid>")
set(CPACK_DEBIAN_PACKAGE_SOURCE stripe-return)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
# Without dpkg-shlibdeps, cpack would make packages that depend on nothing.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/stripe_return_cpack.cmake)
# The same bytes, whenever and by whomever they are made.
stripe_return_utc(CPACK_STRIPE_RETURN_TIME +%s)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/stripe_return_strip.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/stripe_return_repack.cmake)
set(CPACK_STRIPE_RETURN_STRIP ${CMAKE_STRIP})
set(CPACK_COMPONENTS_ALL)

# stripe_return_add_debian_package(NAME COMPONENT SECTION DESCRIPTION PAGES...) makes a package of an
# install component, with its documentation. The description's first line is its synopsis.
macro(stripe_return_add_debian_package name component section description)
  list(APPEND CPACK_COMPONENTS_ALL ${component})
  string(TOUPPER ${component} stripe_return_upper)
  set(CPACK_DEBIAN_${stripe_return_upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${stripe_return_upper}_PACKAGE_SECTION ${section})
  set(CPACK_DEBIAN_${stripe_return_upper}_DESCRIPTION "${description}")
  stripe_return_install_documentation(${name} ${component} ${ARGN})
  install(FILES ${PROJECT_SOURCE_DIR}/cmake/lintian_overrides RENAME ${name}
          DESTINATION share/lintian/overrides COMPONENT ${component} EXCLUDE_FROM_ALL)
endmacro()

stripe_return_add_debian_package(
  libstripe-return-dev stripe_return_development libdevel
  "Way back from Stripe Checkout, for C++ web servers
Tells what a customer who is back from Stripe Checkout means for the order.
This package has the headers, the static libraries and examples."
  README.md
  .github/SECURITY.md
  src/GLOSSARY.md
  src/OPERATIONS.md
  src/core/DECISION.md
  src/orders/PROTOCOL.md
  src/orders/SCALE.md)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/examples/endpoints
        DESTINATION share/doc/libstripe-return-dev/examples
        COMPONENT stripe_return_development EXCLUDE_FROM_ALL)
set(CPACK_DEBIAN_STRIPE_RETURN_DEVELOPMENT_PACKAGE_DEPENDS "nlohmann-json3-dev (>= 3.10)")
if(TARGET stripe_return_client)
  string(APPEND CPACK_DEBIAN_STRIPE_RETURN_DEVELOPMENT_PACKAGE_DEPENDS
         ", libcurl4-openssl-dev (>= 7.76) | libcurl-dev")
endif()
if(TARGET stripe_return_webhook)
  string(APPEND CPACK_DEBIAN_STRIPE_RETURN_DEVELOPMENT_PACKAGE_DEPENDS ", libssl-dev (>= 3.0)")
endif()
if(TARGET stripe_return_sqlite)
  string(APPEND CPACK_DEBIAN_STRIPE_RETURN_DEVELOPMENT_PACKAGE_DEPENDS ", libsqlite3-dev (>= 3.34)")
endif()
if(TARGET stripe_return_postgres)
  string(APPEND CPACK_DEBIAN_STRIPE_RETURN_DEVELOPMENT_PACKAGE_DEPENDS ", libpq-dev (>= 12)")
endif()
set(CPACK_DEBIAN_STRIPE_RETURN_DEVELOPMENT_PACKAGE_SUGGESTS
    "fake-stripe, stripe-return, libboost-dev, libuv1-dev")

if(TARGET stripe-return)
  stripe_return_add_debian_package(
    stripe-return stripe_return_program utils
    "Asks Stripe what became of a Checkout Session
Decides, fetches and verifies from the shell as the C++ library stripe_return
does in a web server, and tells why nothing works."
    README.md
    src/OPERATIONS.md
    src/core/DECISION.md
    src/orders/PROTOCOL.md)
  set(CPACK_DEBIAN_STRIPE_RETURN_PROGRAM_PACKAGE_RECOMMENDS ca-certificates)
endif()

if(TARGET stripe_return_fake_stripe)
  stripe_return_add_debian_package(
    fake-stripe fake_stripe devel
    "Stateful Stripe on loopback to test against
Keeps Checkout Sessions with their hosted page, events and signed webhooks, for
the tests of any client in any language. C++ tests can link it: this takes
libstripe-return-dev and libcpp-httplib-dev."
    src/fake_stripe/README.md)
  set(CPACK_DEBIAN_FAKE_STRIPE_PACKAGE_SUGGESTS
      "libstripe-return-dev (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}), libcpp-httplib-dev")
endif()

include(CPack)
