"""What the people of the town are called, and what they talk about: in Spanish, English and Portuguese."""

from __future__ import annotations


def words_of(*lines: str) -> list[str]:
    return " ".join(lines).split()


FIRST_NAMES = words_of(
    "Alba Ana Beatriz Ben Bruno Carla Carmen Charlotte Clara Daniel David Diego Duarte Edith Elena Emily",
    "Fátima Felipe Gonçalo Grace Hugo Inês Irene Jack James Javier João Julia Laura Leonor Liam Lucía",
    "Luís Mafalda Manuel María Marta Miguel Nora Núria Olivia Oscar Pablo Pedro Raquel Rita Rosa Ruth",
    "Samuel Sara Sofía Teresa Thomas Tiago Víctor",
)
FAMILY_NAMES = words_of(
    "Alonso Almeida Álvarez Baker Barbosa Brown Campos Carvalho Castro Clark Costa Cruz Davies Díaz Evans",
    "Fernández Ferreira García Gómez Gonçalves Harris Hill Iglesias Jones King Lewis Lima López Martín",
    "Martins Moreno Morgan Núñez Oliveira Ortega Pérez Pinto Ramos Reyes Ribeiro Rocha Ruiz Santos Scott",
    "Silva Smith Soares Torres Turner Vega White",
)
WORDS = words_of(
    "hola gracias habitación reserva llave desayuno factura mañana noche ascensor calefacción toalla",
    "plano obra cliente presupuesto firma entrega reunión urgente pedido envío tarde pregunta cambio foto",
    "contrato puerta ventana agua hello thanks room booking key breakfast invoice tomorrow tonight lift",
    "heating towel drawing site client budget signature delivery meeting urgent order shipping late",
    "question change photo contract door window water olá obrigado quarto reserva chave pequeno-almoço",
    "fatura amanhã noite elevador aquecimento toalha desenho obra orçamento assinatura entrega reunião",
    "urgente encomenda envio tarde pergunta mudança fotografia contrato porta janela",
)
