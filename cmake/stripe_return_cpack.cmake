# Read by cpack before it makes a package.
find_program(stripe_return_shlibdeps dpkg-shlibdeps)
find_program(stripe_return_file file)
find_program(stripe_return_dpkg_deb dpkg-deb)
if(NOT stripe_return_shlibdeps OR NOT stripe_return_file OR NOT stripe_return_dpkg_deb)
  message(FATAL_ERROR "Packages need dpkg-deb, and dpkg-shlibdeps and file, or they would depend on no library: "
                      "apt-get install dpkg-dev file")
endif()
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  set(ENV{SOURCE_DATE_EPOCH} ${CPACK_STRIPE_RETURN_TIME})
endif()
