/// @file
/// Marks what the library exports. Everything else is hidden in a shared build.
#pragma once

#if defined(__GNUC__) || defined(__clang__)
#define STRIPE_RETURN_EXPORT __attribute__((visibility("default")))
#else
#define STRIPE_RETURN_EXPORT
#endif
