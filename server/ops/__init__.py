"""For whoever runs the machine: doctor, log, metrics."""
