"""Names of arXiv's categories, as of its taxonomy (https://arxiv.org/category_taxonomy).

Names repeat across archives (cs.LG and stat.ML), so codes are what is stored.
"""

NAMES = {
    "cs.AI": "Artificial Intelligence", "cs.AR": "Hardware Architecture", "cs.CC": "Computational Complexity",
    "cs.CE": "Computational Engineering, Finance, and Science", "cs.CG": "Computational Geometry",
    "cs.CL": "Computation and Language", "cs.CR": "Cryptography and Security",
    "cs.CV": "Computer Vision and Pattern Recognition", "cs.CY": "Computers and Society", "cs.DB": "Databases",
    "cs.DC": "Distributed, Parallel, and Cluster Computing", "cs.DL": "Digital Libraries",
    "cs.DM": "Discrete Mathematics", "cs.DS": "Data Structures and Algorithms", "cs.ET": "Emerging Technologies",
    "cs.FL": "Formal Languages and Automata Theory", "cs.GL": "General Literature", "cs.GR": "Graphics",
    "cs.GT": "Computer Science and Game Theory", "cs.HC": "Human-Computer Interaction",
    "cs.IR": "Information Retrieval", "cs.IT": "Information Theory", "cs.LG": "Machine Learning",
    "cs.LO": "Logic in Computer Science", "cs.MA": "Multiagent Systems", "cs.MM": "Multimedia",
    "cs.MS": "Mathematical Software", "cs.NA": "Numerical Analysis", "cs.NE": "Neural and Evolutionary Computing",
    "cs.NI": "Networking and Internet Architecture", "cs.OH": "Other Computer Science", "cs.OS": "Operating Systems",
    "cs.PF": "Performance", "cs.PL": "Programming Languages", "cs.RO": "Robotics", "cs.SC": "Symbolic Computation",
    "cs.SD": "Sound", "cs.SE": "Software Engineering", "cs.SI": "Social and Information Networks",
    "cs.SY": "Systems and Control", "eess.AS": "Audio and Speech Processing", "eess.IV": "Image and Video Processing",
    "eess.SP": "Signal Processing", "eess.SY": "Systems and Control", "stat.AP": "Applications",
    "stat.CO": "Computation", "stat.ME": "Methodology", "stat.ML": "Machine Learning", "stat.TH": "Statistics Theory",
    "math.OC": "Optimization and Control", "math.ST": "Statistics Theory", "math.PR": "Probability",
    "q-bio.BM": "Biomolecules", "q-bio.GN": "Genomics", "q-bio.NC": "Neurons and Cognition",
    "q-bio.QM": "Quantitative Methods", "quant-ph": "Quantum Physics", "econ.GN": "General Economics",
    "q-fin.ST": "Statistical Finance", "physics.ao-ph": "Atmospheric and Oceanic Physics",
    "physics.chem-ph": "Chemical Physics", "physics.comp-ph": "Computational Physics",
    "cond-mat.mtrl-sci": "Materials Science", "astro-ph.IM": "Instrumentation and Methods for Astrophysics",
}  # fmt: skip


def category_name(code: str) -> str:
    """The category's name; the code itself when it is not among the known ones."""
    return NAMES.get(code, code)
