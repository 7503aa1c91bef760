/// @file
/// The macro that marks exported symbols. A shared library hides all others.
#pragma once

#if defined(__GNUC__) || defined(__clang__)
#define STRIPE_RETURN_EXPORT __attribute__((visibility("default")))
#else
#define STRIPE_RETURN_EXPORT
#endif
