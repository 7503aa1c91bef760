// What the headers of libcurl have. 7.76 is the oldest that the library is promised for.
#pragma once

#include <curl/curl.h>

// With STRIPE_RETURN_AS_IF_LIBCURL_7_76, which the preset old_libcurl sets, nothing newer is used,
// so that the tests cover what is done without it.
#ifdef STRIPE_RETURN_AS_IF_LIBCURL_7_76
#define STRIPE_RETURN_LIBCURL_HAS(version) ((version) <= 0x074c00)
#else
#define STRIPE_RETURN_LIBCURL_HAS(version) ((version) <= LIBCURL_VERSION_NUM)
#endif

#define STRIPE_RETURN_HAS_CURLE_SSL_CLIENTCERT STRIPE_RETURN_LIBCURL_HAS(0x074d00)  // 7.77
#define STRIPE_RETURN_HAS_CURLOPT_PROTOCOLS_STR STRIPE_RETURN_LIBCURL_HAS(0x075500) // 7.85
#define STRIPE_RETURN_HAS_CURLOPT_QUICK_EXIT STRIPE_RETURN_LIBCURL_HAS(0x075700)    // 7.87
