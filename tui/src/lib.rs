//! Clinic's terminal client.
